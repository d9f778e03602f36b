"""How many incidents places like these usually have, and which areas have fewer or more."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hotspot.errors import N_, HotspotError, Told
from hotspot.stats.count_model import CountModel, fit_counts, refit
from hotspot.stats.rates import Interval, sir

FloatArray = NDArray[np.float64]

FEWER, AS_EXPECTED, MORE, CANNOT_SAY = "fewer", "as expected", "more", "cannot say"
AREAS_PER_COEFFICIENT = 5  # fewer areas than this for each coefficient, and regression is not tried (assumption)
TOO_WIDE = (0.5, 2.0)  # an interval that allows both half and double says nothing (assumption)


class Reference(NamedTuple):
    """Reference rates by stratum, as by age group.

    ``population`` has shape (areas, strata), ``rates`` shape (strata,) in incidents per head and period.
    """

    population: FloatArray
    rates: FloatArray


class Expected(NamedTuple):
    """What was expected of each area and how the recorded count compares.

    ``reading`` is one of "fewer", "as expected", "more", "cannot say"; the numbers are NaN where nothing can
    be expected. ``model`` is "poisson", "negative binomial", "standardised" or "per head"; ``dispersion`` the
    Poisson fit's Pearson chi-square per degree of freedom, NaN without a regression.
    """

    expected: FloatArray
    ratio: FloatArray
    lower: FloatArray
    upper: FloatArray
    reading: NDArray[np.str_]
    model: str
    dispersion: float
    findings: tuple[Told, ...]


def indirect(population: ArrayLike, rates: ArrayLike) -> FloatArray:
    """How many incidents would each area have, if each of its groups had the reference rate?

    Parameters
    ----------
    population
        People of each stratum, shape (areas, strata). [residents]
    rates
        Reference rates, shape (strata,). [incidents per resident]

    Returns
    -------
    numpy.ndarray
        ``sum_s r_s N_is``, shape (areas,); NaN where a stratum's population is unknown. [incidents]

    Raises
    ------
    HotspotError
        If the strata do not match or a number is negative.

    Notes
    -----
    Ratios from indirect standardisation are not comparable between areas whose mixes differ: rank with care.
    """
    people, rate = (
        np.atleast_2d(np.asarray(population, dtype=np.float64)),
        np.asarray(rates, dtype=np.float64),
    )
    if rate.ndim != 1 or people.shape[1] != rate.size:
        raise HotspotError(
            "there must be one reference rate per stratum.",
            "{rates} rates for {strata} strata",
            "give the rates in the order of the population's columns",
            rates=rate.size,
            strata=people.shape[1],
        )
    if (people < 0).any() or not (rate >= 0).all():
        raise HotspotError(
            "populations and reference rates must not be negative or, for rates, missing.",
            "a negative number or a missing rate",
            "mend them in the source",
        )
    return np.asarray(people @ rate, dtype=np.float64)


def expected_counts(  # noqa: PLR0913 - five ways to know more, all but two optional
    observed: ArrayLike,
    exposure: ArrayLike,
    covariates: ArrayLike | None = None,
    reference: Reference | None = None,
    *,
    leaves_one_out: bool = True,
    level: float = 0.95,
    method: Interval = "byar",
) -> Expected:
    """How many incidents does a place like this usually have, and is the recorded number fewer or more?

    Parameters
    ----------
    observed
        Recorded incidents, shape (areas,). [incidents]
    exposure
        Residents, or where people are otherwise the visits of a day, shape (areas,); 0 or NaN leaves an area
        out.
    covariates
        What is known about the places (never about persons), shape (areas, covariates).
    reference
        Rates by stratum for standardisation, used where there are too few areas for the covariates, or none.
    leaves_one_out
        Expect of each area what the others teach; otherwise its own count pulls its ratio to 1.
    level
        Coverage of the interval.
    method
        Interval of the recorded count.

    Returns
    -------
    Expected
        Numbers and readings, shape (areas,); expected numbers add up to the recorded ones over the areas
        used.

    Raises
    ------
    HotspotError
        If the shapes do not match, a count is negative, or the reference is impossible.

    Notes
    -----
    log E_i = log exposure_i + x_i'b, times sum O / sum E.
    Poisson regression with the exposure as offset, negative binomial where the dispersion is above 1.5,
    rescaled so that totals agree. With fewer than five areas per coefficient, covariates that repeat each
    other, or a fit that does not settle, it falls back to standardisation by the reference, or to one rate
    per head, and says so. The interval takes the recorded count as Poisson: incidents that come in bunches
    make it too narrow. An interval that allows both half and double the expected number reads "cannot say".

    How it misleads: "fewer than expected" says fewer than places with the same covariates have here, not that a
    place is safe; a covariate that is itself made by crime explains it away; what is not recorded is not expected
    either.

    References
    ----------
    McCullagh and Nelder (1989), Generalized Linear Models, doi:10.1007/978-1-4899-3242-6.
    """
    o, n = np.asarray(observed, dtype=np.float64), np.asarray(exposure, dtype=np.float64)
    x = np.empty((o.size, 0)) if covariates is None else np.asarray(covariates, dtype=np.float64)
    x = x.reshape(o.size, -1) if x.size else np.empty((o.size, 0))
    _check(o, n, x)
    countable = np.isfinite(o) & np.isfinite(n) & (n > 0)
    findings = _no_exposure(o, n)
    used = countable & np.isfinite(x).all(axis=1)
    design = np.column_stack([np.ones(o.size), x])
    obstacle = _obstacle(design[used], o[used])
    model = None
    if x.shape[1] and obstacle is None:
        model = fit_counts(o[used], design[used], n[used])
        if not model.has_settled:
            obstacle, model = Told(N_("The regression does not settle: covariates are not used.")), None
    if model is not None:
        e = _from_model(model, o, design, n, used, leaves_one_out=leaves_one_out)
        findings += _from_regression(model, int((countable & ~used).sum()))
        name, dispersion = model.name, model.dispersion
    else:
        e, name = _without_model(o, n, countable, reference, leaves_one_out=leaves_one_out)
        findings += _fallen_back(name, obstacle if x.shape[1] else None)
        dispersion = math.nan
    e = _rescaled(e, o)
    ratio = sir(o, e, level, method)
    return Expected(e, *ratio, read(ratio.lower, ratio.upper), name, dispersion, findings)


def read(lower: ArrayLike, upper: ArrayLike) -> NDArray[np.str_]:
    """Does an area have fewer or more incidents than expected, or can nobody say?

    Parameters
    ----------
    lower, upper
        Interval of observed over expected, shape (areas,).

    Returns
    -------
    numpy.ndarray
        "fewer" if the upper limit is below 1, "more" if the lower is above 1, "cannot say" where the interval
        is unknown or allows both half and double, otherwise "as expected".
    """
    low, high = np.asarray(lower, dtype=np.float64), np.asarray(upper, dtype=np.float64)
    says_nothing = ~(np.isfinite(low) & np.isfinite(high)) | ((low < TOO_WIDE[0]) & (high > TOO_WIDE[1]))
    return np.select([says_nothing, high < 1.0, low > 1.0], [CANNOT_SAY, FEWER, MORE], AS_EXPECTED)


def _check(o: FloatArray, n: FloatArray, x: FloatArray) -> None:
    """Refuse shapes that do not match and negative numbers."""
    if not (o.ndim == 1 and n.shape == o.shape and len(x) == o.size):
        raise HotspotError(
            "there must be one exposure and one row of covariates per area.",
            "{n} exposures and {rows} rows for {areas} areas",
            "take all from the same table of areas",
            n=n.size,
            rows=len(x),
            areas=o.size,
        )
    if (o < 0).any() or (n < 0).any():
        raise HotspotError(
            "counts and exposures must not be negative.",
            "{n} negative numbers",
            "mend them in the source, or mark them as missing",
            n=int((o < 0).sum() + (n < 0).sum()),
        )


def _no_exposure(o: FloatArray, n: FloatArray) -> tuple[Told, ...]:
    """Tell of areas with incidents and nobody to hold them against."""
    lost = int(((o > 0) & ~(n > 0)).sum())
    template = N_(
        "{n} {n:area has|areas have} incidents but no known residents or visits: nothing is expected of {n:it|them}."
    )
    return (Told(template, {"n": lost}),) if lost else ()


def _obstacle(design: FloatArray, o: FloatArray) -> Told | None:
    """Return why a regression on these areas must not be tried."""
    areas, coefficients = design.shape
    if areas < AREAS_PER_COEFFICIENT * coefficients:
        template = N_("{areas} {areas:area is|areas are} too few for {covariates} {covariates:covariate|covariates}.")
        return Told(template, {"areas": areas, "covariates": coefficients - 1})
    spread = design.std(axis=0)
    scaled = np.column_stack(
        [design[:, :1], (design[:, 1:] - design[:, 1:].mean(axis=0)) / np.where(spread > 0, spread, 1)[1:]]
    )
    if np.linalg.matrix_rank(scaled, tol=1e-6 * math.sqrt(areas)) < coefficients:
        return Told(N_("The covariates repeat each other and are not used."))
    if not o.sum() > 0:
        return Told(N_("No incident is recorded."))
    return None


def _from_model(
    model: CountModel,
    o: FloatArray,
    design: FloatArray,
    n: FloatArray,
    used: NDArray[np.bool_],
    *,
    leaves_one_out: bool,
) -> FloatArray:
    """Return what the model expects, of each area from all others if so asked."""
    e = np.full(o.size, np.nan)
    e[used] = model.mean(design[used], n[used])
    if leaves_one_out:
        for area in np.flatnonzero(used):
            others = used.copy()
            others[area] = False
            beta, _ = refit(o[others], design[others], n[others], model.alpha)
            e[area] = model._replace(coefficients=beta).mean(design[area], n[area : area + 1])[0]
    return e


def _without_model(
    o: FloatArray,
    n: FloatArray,
    known: NDArray[np.bool_],
    reference: Reference | None,
    *,
    leaves_one_out: bool,
) -> tuple[FloatArray, str]:
    """Return what reference rates expect, or one rate per head."""
    if reference is not None:
        return np.where(known, indirect(reference.population, reference.rates), np.nan), "standardised"
    incidents, heads = o[known].sum(), n[known].sum()
    own = 1.0 if leaves_one_out else 0.0
    e = np.full(o.size, np.nan)
    if known.sum() > own:
        e[known] = n[known] * (incidents - own * o[known]) / (heads - own * n[known])
    return e, "per head"


def _from_regression(model: CountModel, without_covariates: int) -> tuple[Told, ...]:
    """Tell which model was used and whom it leaves out."""
    findings: tuple[Told, ...] = ()
    if model.name != "poisson":
        template = N_("Counts vary {times} times as much as chance: a negative binomial model is used.")
        findings += (Told(template, {"times": round(model.dispersion, 1)}),)
    if without_covariates:
        template = N_("{n} {n:area lacks|areas lack} a covariate: nothing can be expected of {n:it|them}.")
        findings += (Told(template, {"n": without_covariates}),)
    return findings


def _fallen_back(name: str, why: Told | None) -> tuple[Told, ...]:
    """Tell that covariates were not, or could not be, used, and what was done instead."""
    if name == "standardised":
        template = N_("Expected numbers are standardised by reference rates only.")
    else:
        template = N_("Expected numbers are the same per head everywhere, whatever the area is like.")
    return (Told(template),) if why is None else (why, Told(template))


def _rescaled(e: FloatArray, o: FloatArray) -> FloatArray:
    """Return expected numbers that add up to the recorded ones over the areas that have both."""
    both = np.isfinite(e) & np.isfinite(o)
    total = float(e[both].sum())
    scale = float(o[both].sum()) / total if total > 0 else math.nan
    return np.where(both, e * scale, np.nan)
