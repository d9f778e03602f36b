"""Survey shares of small areas: each area's own answers weighed against what areas like it answer."""

from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import minimize_scalar

from hotspot.errors import N_, HotspotError, Told

FloatArray = NDArray[np.float64]
Variance = Literal["reml", "prasad_rao"]


class SmallAreas(NamedTuple):
    """Estimates of all areas.

    ``value`` and ``error`` (root mean squared error) have shape (areas,), NaN where a covariate is unknown; ``own`` is
    the weight of the area's own answers, 0 where it has none; ``between`` the variance between areas beyond the
    covariates.
    """

    value: FloatArray
    error: FloatArray
    own: FloatArray
    coefficients: FloatArray
    between: float
    findings: tuple[Told, ...]


def share_variance(share: ArrayLike, effective: ArrayLike) -> FloatArray:
    """How uncertain is a share from this many answers?

    Parameters
    ----------
    share
        Weighted shares, shape (areas,), 0 to 1.
    effective
        Effective answers, shape (areas,).

    Returns
    -------
    numpy.ndarray
        ``p (1 - p) / n``, never zero: where all said the same, p is taken as ``(np + 1) / (n + 2)``. NaN without
        answers.

    Notes
    -----
    p (1 - p) / n, with p = (n p + 1) / (n + 2) where all said the same.

    How it misleads: an answer given for the neighbour, or by who likes to answer, has no variance that this knows
    of.

    References
    ----------
    Wilson (1927) https://doi.org/10.1080/01621459.1927.10502953, on shares of 0 and 1; the floor is Our own.
    """
    p, n = np.asarray(share, dtype=np.float64), np.asarray(effective, dtype=np.float64)
    n = np.where(n > 0, n, np.nan)
    p = np.where((p <= 0) | (p >= 1), (n * p + 1.0) / (n + 2.0), p)
    return np.asarray(p * (1.0 - p) / n, dtype=np.float64)


def fay_herriot(
    direct: ArrayLike, variance: ArrayLike, covariates: ArrayLike | None = None, method: Variance = "reml"
) -> SmallAreas:
    """What is each area's most likely share, when areas with few answers borrow from areas like them?

    Parameters
    ----------
    direct
        Each area's own estimate, shape (areas,); NaN where it has none.
    variance
        Its variance, shape (areas,), above zero wherever there is an estimate, as from `share_variance`.
    covariates
        What is known about the places, shape (areas, covariates).
    method
        How the variance between areas is found: ``reml`` or ``prasad_rao``.

    Returns
    -------
    SmallAreas
        Own estimates and regression weighed by their certainty; an area without answers gets the regression alone.

    Raises
    ------
    HotspotError
        If a variance is not positive, there are not more areas than coefficients, or the method is unknown.

    Notes
    -----
    ``own = A / (A + D)`` and ``x'b + own (y - x'b)``, the coefficients by generalised least squares. A may be nil:
    then every area gets the regression line, and that is told. The error adds g1 + g2 + 2 g3 of Prasad and Rao.

    How it misleads: an area drawn to the line is told what areas like it answer, not what it answered; with few
    areas A is a guess.

    References
    ----------
    Fay and Herriot (1979) https://doi.org/10.1080/01621459.1979.10482505;
    Prasad and Rao (1990) https://doi.org/10.1080/01621459.1990.10475320
    """
    y, d = np.asarray(direct, dtype=np.float64), np.asarray(variance, dtype=np.float64)
    x = np.ones((y.size, 1))
    if covariates is not None:
        x = np.column_stack([x, np.asarray(covariates, dtype=np.float64).reshape(y.size, -1)])
    used = np.isfinite(y) & np.isfinite(x).all(axis=1)
    _check(d[used], x[used])
    if method == "prasad_rao":
        between = _prasad_rao(y[used], d[used], x[used])
    elif method == "reml":
        between = _reml(y[used], d[used], x[used])
    else:
        raise HotspotError(
            "the variance between areas is found by reml or prasad_rao.", "{method}", "write reml", method=method
        )
    beta, spread = _least_squares(y[used], between + d[used], x[used])
    line = x @ beta
    own = np.where(used, between / (between + np.where(used, d, 1.0)), 0.0)
    value = line + own * np.where(used, y - line, 0.0)
    error = np.sqrt(_squared_error(between, d, own, np.einsum("ij,jk,ik->i", x, spread, x), used))
    template = N_("Areas differ no more than chance beyond what is known about them: all get the regression line.")
    return SmallAreas(value, error, own, beta, between, () if between > 0 else (Told(template),))


def _check(d: FloatArray, x: FloatArray) -> None:
    """Refuse variances that are not positive and too few areas."""
    if not (d > 0).all():
        raise HotspotError(
            "every estimate needs a variance above zero.",
            "{n} without",
            "take share_variance(share, effective)",
            n=int((~(d > 0)).sum()),
        )
    if len(x) <= x.shape[1] or np.linalg.matrix_rank(x) < x.shape[1]:
        raise HotspotError(
            "there must be more areas with answers than coefficients, and no covariate may repeat another.",
            "{areas} areas, {coefficients} coefficients",
            "use fewer covariates",
            areas=len(x),
            coefficients=x.shape[1],
        )


def _least_squares(y: FloatArray, v: FloatArray, x: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return generalised least squares coefficients and their covariance."""
    spread = np.linalg.inv((x.T / v) @ x)
    return np.asarray(spread @ ((x.T / v) @ y)), np.asarray(spread)


def _prasad_rao(y: FloatArray, d: FloatArray, x: FloatArray) -> float:
    """Return the variance between areas by moments of ordinary least squares."""
    hat = x @ np.linalg.solve(x.T @ x, x.T)
    left = y - hat @ y
    return max(0.0, float((left @ left - d @ (1.0 - np.diag(hat))) / (len(y) - x.shape[1])))


def _reml(y: FloatArray, d: FloatArray, x: FloatArray) -> float:
    """Return the variance between areas of largest restricted likelihood, 0 at the edge."""

    def loss(between: float) -> float:
        v = between + d
        beta, spread = _least_squares(y, v, x)
        left = y - x @ beta
        return 0.5 * float(np.log(v).sum() - np.linalg.slogdet(spread)[1] + (left**2 / v).sum())

    most = float(np.var(y) * len(y) / (len(y) - x.shape[1]) + d.max())
    steps = np.linspace(0.0, most, 41)
    best = int(np.argmin([loss(step) for step in steps]))
    bounds = (steps[max(best - 1, 0)], steps[min(best + 1, 40)])
    found = minimize_scalar(loss, bounds=bounds, method="bounded", options={"xatol": 1e-12 * max(most, 1e-300)})
    return float(found.x) if found.fun < loss(0.0) - 1e-12 else 0.0


def _squared_error(
    between: float, d: FloatArray, own: FloatArray, line: FloatArray, used: NDArray[np.bool_]
) -> FloatArray:
    """Return g1 + g2 + 2 g3; without answers the variance between areas plus that of the line."""
    v = between + d[used]
    g3 = np.where(used, d**2 / (between + d) ** 3, 0.0) * 2.0 / float((v**-2).sum())
    g1 = np.where(used, own * np.where(used, d, 0.0), between)
    return np.asarray(g1 + (1.0 - own) ** 2 * line + 2.0 * g3, dtype=np.float64)
