"""Regression of counts on what is known about places: Poisson, or negative binomial where they vary more."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.special import gammaln

FloatArray = NDArray[np.float64]

ITERATIONS = 200
SETTLED = 1e-11
LINEAR_LIMIT = 30.0  # log rates beyond this only mean that a group has no incidents
OVERDISPERSED = 1.5  # Pearson dispersion above which the negative binomial is used (METHODS 5)
ALPHA_RANGE = (1e-8, 1e3)
LEAST_ALPHA = 1e-6  # below it the negative binomial is the Poisson


class CountModel(NamedTuple):
    """A fitted model ``log mean = log exposure + design @ coefficients``.

    ``alpha`` is the negative binomial's extra variance (``mean + alpha mean**2``), 0 for the Poisson;
    ``dispersion`` the Poisson fit's Pearson chi-square per degree of freedom, NaN without any left over.
    """

    name: str
    coefficients: FloatArray
    alpha: float
    log_likelihood: float
    bic: float
    dispersion: float
    has_settled: bool

    def mean(self, design: FloatArray, exposure: FloatArray) -> FloatArray:
        """Counts that the model expects.

        Parameters
        ----------
        design
            Intercept and covariates, shape (areas, coefficients).
        exposure
            What the counts are held against, shape (areas,).

        Returns
        -------
        numpy.ndarray
            Expected counts, shape (areas,). [incidents]
        """
        eta = np.clip(design @ self.coefficients, -LINEAR_LIMIT, LINEAR_LIMIT)
        return np.asarray(exposure * np.exp(eta), dtype=np.float64)


def fit_counts(observed: FloatArray, design: FloatArray, exposure: FloatArray) -> CountModel:
    """Which rates go with which kind of place?

    Parameters
    ----------
    observed
        Counts, shape (areas,). [incidents]
    design
        Intercept and covariates, shape (areas, coefficients), of full rank.
    exposure
        What the counts are held against, positive, shape (areas,).

    Returns
    -------
    CountModel
        The Poisson model, or the negative binomial (NB2, by maximum likelihood) where the Poisson's
        dispersion is above 1.5 and the extra variance is not nil.
    """
    poisson = fit_poisson(observed, design, exposure)
    if not poisson.dispersion > OVERDISPERSED:
        return poisson
    wider = fit_negative_binomial(observed, design, exposure, dispersion=poisson.dispersion)
    return wider if wider.alpha > LEAST_ALPHA else poisson


def fit_poisson(observed: FloatArray, design: FloatArray, exposure: FloatArray) -> CountModel:
    """Which rates go with which kind of place, if counts vary by chance alone?

    Parameters
    ----------
    observed, design, exposure
        As for `fit_counts`.

    Returns
    -------
    CountModel
        The Poisson model, its dispersion telling whether it is believable.
    """
    coefficients, has_settled = refit(observed, design, exposure, 0.0)
    mean = exposure * np.exp(np.clip(design @ coefficients, -LINEAR_LIMIT, LINEAR_LIMIT))
    left = observed.size - design.shape[1]
    dispersion = float(np.sum((observed - mean) ** 2 / mean) / left) if left > 0 else math.nan
    height = float(np.sum(observed * np.log(mean) - mean - gammaln(observed + 1.0)))
    bic = design.shape[1] * math.log(observed.size) - 2.0 * height
    return CountModel("poisson", coefficients, 0.0, height, bic, dispersion, has_settled)


def fit_negative_binomial(
    observed: FloatArray, design: FloatArray, exposure: FloatArray, *, dispersion: float = math.nan
) -> CountModel:
    """Which rates go with which kind of place, if counts vary more than chance?

    Parameters
    ----------
    observed, design, exposure
        As for `fit_counts`.
    dispersion
        The Poisson model's dispersion, to be kept with the answer.

    Returns
    -------
    CountModel
        The NB2 model of largest likelihood. Its expected counts do not add up to the recorded ones: rescale.
    """

    def loss(log_alpha: float) -> float:
        alpha = math.exp(log_alpha)
        beta, _ = refit(observed, design, exposure, alpha)
        return -_nb_height(observed, exposure * np.exp(design @ beta), alpha)

    low, high = (math.log(edge) for edge in ALPHA_RANGE)
    steps = np.linspace(low, high, 15)
    best = int(np.argmin([loss(step) for step in steps]))
    bounds = (steps[max(best - 1, 0)], steps[min(best + 1, steps.size - 1)])
    found = minimize_scalar(loss, bounds=bounds, method="bounded", options={"xatol": 1e-9})
    alpha = math.exp(float(found.x))
    coefficients, has_settled = refit(observed, design, exposure, alpha)
    bic = (design.shape[1] + 1) * math.log(observed.size) + 2.0 * float(found.fun)
    name = "negative binomial"
    return CountModel(name, coefficients, alpha, -float(found.fun), bic, dispersion, has_settled)


def refit(observed: FloatArray, design: FloatArray, exposure: FloatArray, alpha: float) -> tuple[FloatArray, bool]:
    """Which coefficients fit best at a given extra variance?

    Parameters
    ----------
    observed, design, exposure
        As for `fit_counts`.
    alpha
        The negative binomial's extra variance; 0 for the Poisson.

    Returns
    -------
    tuple
        Coefficients, and whether the iteration (reweighted least squares) came to rest.
    """
    beta = np.zeros(design.shape[1])
    working = np.log((observed + 0.5) / exposure)
    weight = observed + 0.5
    for _ in range(ITERATIONS):
        root = np.sqrt(weight)
        new = np.linalg.lstsq(design * root[:, None], working * root, rcond=None)[0]
        moved = float(np.abs(new - beta).max())
        beta = new
        eta = np.clip(design @ beta, -LINEAR_LIMIT, LINEAR_LIMIT)
        mean = exposure * np.exp(eta)
        if moved < SETTLED * (1.0 + float(np.abs(beta).max())):
            return beta, True
        weight = mean / (1.0 + alpha * mean)
        working = eta + (observed - mean) / mean
    return beta, False


def _nb_height(observed: FloatArray, mean: FloatArray, alpha: float) -> float:
    """Return the log likelihood of the negative binomial."""
    size = 1.0 / alpha
    return float(
        np.sum(
            gammaln(observed + size)
            - gammaln(size)
            - gammaln(observed + 1.0)
            - size * np.log1p(alpha * mean)
            + observed * (np.log(alpha * mean) - np.log1p(alpha * mean))
        )
    )
