"""How geometry and values travel to the browser: one compressed message of a header and plain arrays."""

import json
import zlib
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

_ALIGNED = 8  # bytes; typed arrays in the browser must start on a multiple of their item size
_NAMES = {"float32": "f4", "float64": "f8", "int32": "i4", "uint32": "u4", "uint8": "u1"}


class Parcel:
    """Arrays collected for one message, each answered by the reference that the header carries."""

    def __init__(self) -> None:
        self._chunks: list[bytes] = []
        self._length = 0

    def put(self, values: NDArray[Any] | bytes) -> dict[str, Any]:
        """Add an array, or a file's bytes as they are.

        Parameters
        ----------
        values
            An array of float32, float64, int32, uint32 or uint8, or bytes.

        Returns
        -------
        dict
            Where the browser finds it: kind, offset and number of items.
        """
        if isinstance(values, bytes):
            values = np.frombuffer(values, np.uint8)
        raw = np.ascontiguousarray(values).astype(values.dtype.newbyteorder("<"), copy=False).tobytes()
        reference = {"kind": _NAMES[values.dtype.name], "at": self._length, "n": int(values.size)}
        padding = -len(raw) % _ALIGNED
        self._chunks += [raw, bytes(padding)]
        self._length += len(raw) + padding
        return reference

    def close(self, header: Mapping[str, Any]) -> bytes:
        """Return the message.

        Parameters
        ----------
        header
            Plain values and the references that `put` answered with.

        Returns
        -------
        bytes
            zlib-compressed: the header's length (uint32), the header as JSON, the arrays.
        """
        text = json.dumps(header, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
        text += b" " * (-(len(text) + 4) % _ALIGNED)
        return zlib.compress(b"".join([len(text).to_bytes(4, "little"), text, *self._chunks]), level=6)
