"""From a recipe and a snapshot to a result: the one way any answer comes about.

Reading order: `run` here, then `hotspot.measures`, `per_place`, `choices`, `result`.
"""

from hotspot.pipeline.result import Record, Result
from hotspot.pipeline.steps import run

__all__ = ["Record", "Result", "run"]
