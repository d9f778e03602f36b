"""How long each step of a run takes, and how much memory the process holds at most while it lasts."""

import math
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_STATUS, _FORGET = Path("/proc/self/status"), Path("/proc/self/clear_refs")
_FORGET_PEAK = "5"  # proc(5): resets the peak that VmHWM tells
_KIB = 1024.0


class Clock:
    """Time and memory per step."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self.mebibytes: dict[str, float] = {}
        self.kept: set[str] = set()

    @contextmanager
    def timing(self, key: str) -> Iterator[None]:
        """Note how long a step takes and the most memory held meanwhile; a step that fails is not noted.

        Parameters
        ----------
        key
            The step.
        """
        forget_peak()
        began = time.perf_counter()
        yield
        self.seconds[key] = time.perf_counter() - began
        self.mebibytes[key] = peak_mebibytes()


def forget_peak() -> None:
    """Let the peak start anew, where the system can (Linux); elsewhere it goes on since the process began."""
    try:
        _FORGET.write_text(_FORGET_PEAK, "ascii")
    except OSError:
        return


def peak_mebibytes() -> float:
    """Return the most memory that this process held since the peak was forgotten.

    Returns
    -------
    float
        Resident memory, code and libraries included; NaN where the system does not say (Windows). [MiB]
    """
    try:
        lines = _STATUS.read_text("ascii").splitlines()
    except OSError:
        return _peak_since_start()
    return next(float(line.split()[1]) / _KIB for line in lines if line.startswith("VmHWM"))


def _peak_since_start() -> float:
    if sys.platform == "win32":
        return math.nan
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / _KIB / _KIB if sys.platform == "darwin" else peak / _KIB
