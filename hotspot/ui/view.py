"""What a page is given: a release and the reader's words."""

from dataclasses import dataclass

from hotspot.glossary import Language
from hotspot.release import Release
from hotspot.ui.desk import Desk
from hotspot.ui.form import Asked


@dataclass(frozen=True)
class View:
    """What a page is given.

    Parameters
    ----------
    release
        What the reader may see.
    language
        Whose words.
    asked
        The recipe and whose eyes.
    desk
        For what changes the study: imports and runs.
    """

    release: Release
    language: Language
    asked: Asked
    desk: Desk

    @property
    def stamp(self) -> str:
        """What stands for exactly this release in caches."""
        grade = 2 if "included" in self.release.choice.candidates else 1
        return f"{self.release.key}-{grade}-{self.asked.audience}-{self.asked.owner}"
