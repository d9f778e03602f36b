"""The fictional municipality of Ternevig: what its raw files would look like, and the truth planted in them.

Nothing here knows the analysis. Reading order: plan (the drawing), streets, buildings, people, lighting and
greenery (the town), clock and incidents (what was recorded), survey, earlier, then build and write.
"""

from .build import Town, build
from .geography import Geography, geography
from .incidents import incidents
from .write import write

__all__ = ["Geography", "Town", "build", "geography", "incidents", "write"]
