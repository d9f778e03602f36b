"""The two-dimensional smoothing kernels, their constants, and one bandwidth in terms of another."""

import math
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

import numba

from hotspot.errors import HotspotError

GAUSSIAN, UNIFORM, TRIANGULAR, EPANECHNIKOV, QUARTIC, TRIWEIGHT = range(6)


class Kernel(NamedTuple):
    """One kernel of the plane and the constants that tell how strongly it smooths.

    ``variance`` is the second moment per axis and ``roughness`` the integral of the squared kernel, both at
    bandwidth 1. Constants of the line (15/16, 3/4 and so on) are wrong in the plane.
    """

    name: str
    code: int
    at_zero: float
    variance: float
    roughness: float

    @property
    def canonical(self) -> float:
        """Bandwidth that smooths like a Gaussian of sigma 1 (equal trade of bias against noise)."""
        return float((4.0 * math.pi * self.roughness / self.variance**2) ** (1.0 / 6.0))

    @property
    def equal_variance(self) -> float:
        """Bandwidth with the same variance per axis as a Gaussian of sigma 1."""
        return 1.0 / math.sqrt(self.variance)

    @property
    def is_compact(self) -> bool:
        """Whether the kernel is exactly zero beyond its bandwidth."""
        return self.code != GAUSSIAN


KERNELS: Mapping[str, Kernel] = MappingProxyType(
    {
        kernel.name: kernel
        for kernel in (
            Kernel("gaussian", GAUSSIAN, 1 / (2 * math.pi), 1.0, 1 / (4 * math.pi)),
            Kernel("uniform", UNIFORM, 1 / math.pi, 1 / 4, 1 / math.pi),
            Kernel("triangular", TRIANGULAR, 3 / math.pi, 3 / 20, 3 / (2 * math.pi)),
            Kernel("epanechnikov", EPANECHNIKOV, 2 / math.pi, 1 / 6, 4 / (3 * math.pi)),
            Kernel("quartic", QUARTIC, 3 / math.pi, 1 / 8, 9 / (5 * math.pi)),
            Kernel("triweight", TRIWEIGHT, 4 / math.pi, 1 / 10, 16 / (7 * math.pi)),
        )
    }
)


class Bandwidth(NamedTuple):
    """A bandwidth told both ways, so that surfaces of different kernels can be compared. [m]

    ``h_m`` is the kernel's own parameter (sigma for the Gaussian, the radius otherwise), ``h_sigma_equiv``
    the Gaussian sigma that smooths as much, and ``radius`` how far an incident reaches (infinite for the
    Gaussian).
    """

    kernel: str
    h_m: float
    h_sigma_equiv: float
    radius: float


def kernel_named(name: str) -> Kernel:
    """Which kernel is meant by a name.

    Parameters
    ----------
    name
        One of ``gaussian``, ``uniform``, ``triangular``, ``epanechnikov``, ``quartic``, ``triweight``.

    Returns
    -------
    Kernel
        The kernel with its constants.

    Raises
    ------
    HotspotError
        If no kernel has that name.
    """
    if name not in KERNELS:
        raise HotspotError(
            "the kernel must be one of {known}.", "{name}", 'write kernel = "quartic"',
            known=", ".join(KERNELS), name=name,
        )  # fmt: skip
    return KERNELS[name]


def bandwidth_of(h_m: float, kernel: str) -> Bandwidth:
    """How strongly a bandwidth smooths, told as sigma and as radius.

    Parameters
    ----------
    h_m
        The kernel's own bandwidth: sigma for the Gaussian, radius for the others. [m]
    kernel
        Name of the kernel.

    Returns
    -------
    Bandwidth
        The bandwidth with its Gaussian equivalent (canonical) and its reach.

    Raises
    ------
    HotspotError
        If the bandwidth is not a positive number or the kernel is unknown.

    Notes
    -----
    ``h_sigma_equiv = h / canonical``, the canonical bandwidth being ``(4 pi R / mu2**2)**(1/6)`` of the kernel: R
    the integral of its square over the plane, mu2 its variance along an axis.
    A quartic kernel of 100 m radius smooths like a Gaussian of 36 m: never compare bandwidths by their bare
    number.

    How it misleads: "200 m" may reach 200 m on one map, and as far as 560 m of the same kernel on another.

    References
    ----------
    Marron and Nolan (1988) https://doi.org/10.1016/0167-7152(88)90050-8
    """
    known = kernel_named(kernel)
    if not (math.isfinite(h_m) and h_m > 0):
        raise HotspotError("a bandwidth must be a positive number of metres.", "{h_m}", "give for example 150", h_m=h_m)
    return Bandwidth(known.name, h_m, h_m / known.canonical, h_m if known.is_compact else math.inf)


def bandwidth_from_sigma(sigma_m: float, kernel: str, *, equal_variance: bool = False) -> Bandwidth:
    """Which bandwidth of a kernel smooths as much as a Gaussian of the given sigma.

    Parameters
    ----------
    sigma_m
        Standard deviation of the Gaussian. [m]
    kernel
        Name of the kernel.
    equal_variance
        Match the variance per axis instead of the canonical bandwidth.

    Returns
    -------
    Bandwidth
        The kernel's own bandwidth; ``h_sigma_equiv`` is always the canonical equivalent.

    Raises
    ------
    HotspotError
        If sigma is not a positive number or the kernel is unknown.

    Notes
    -----
    ``h = sigma canonical``, see `bandwidth_of`; with equal variance ``h = sigma / sqrt(mu2)``.

    How it misleads: equal smoothing is equal on average over densities; peaks still differ by a few per cent from
    kernel to kernel.

    References
    ----------
    Marron and Nolan (1988) https://doi.org/10.1016/0167-7152(88)90050-8
    """
    known = kernel_named(kernel)
    return bandwidth_of(sigma_m * (known.equal_variance if equal_variance else known.canonical), kernel)


@numba.njit(cache=True)
def kernel_value(r2: float, code: int) -> float:
    """Height of a kernel at a squared distance.

    Parameters
    ----------
    r2
        Squared distance in units of the bandwidth.
    code
        The kernel's ``code``.

    Returns
    -------
    float
        The value; the kernel integrates to 1 over the plane. Divide by the squared bandwidth.
    """
    if code == GAUSSIAN:
        return math.exp(-0.5 * r2) / (2.0 * math.pi)
    left = 1.0 - r2
    if left < 0.0:
        height = 0.0
    elif code == UNIFORM:
        height = 1.0
    elif code == TRIANGULAR:
        height = 3.0 * (1.0 - math.sqrt(r2))
    elif code == EPANECHNIKOV:
        height = 2.0 * left
    elif code == QUARTIC:
        height = 3.0 * left * left
    else:
        height = 4.0 * left * left * left
    return height / math.pi
