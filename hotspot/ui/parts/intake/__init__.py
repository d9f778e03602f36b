"""Bringing a file in from a page, step by step; nothing is stored before the last. Read `wizard`, then `reading`."""

from hotspot.ui.parts.intake.categories import categories_form
from hotspot.ui.parts.intake.wizard import import_form

__all__ = ["categories_form", "import_form"]
