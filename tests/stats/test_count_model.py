"""Poisson and negative binomial regression against METHODS 5 and statsmodels."""

import numpy as np
import pytest
import statsmodels.api as sm

from hotspot.stats.count_model import fit_counts, fit_negative_binomial, fit_poisson, refit

Y = np.array([0, 3, 1, 14, 2, 9, 0, 31, 6, 1, 22, 4.0])
POPULATION = np.array([300, 500, 350, 800, 500, 700, 250, 900, 650, 420, 760, 380.0])
X = np.column_stack([np.ones(12), [0.2, 0.5, 0.1, 0.8, 0.4, 0.6, 0.1, 0.9, 0.3, 0.35, 0.4, 0.7]])


def test_reference_poisson():
    model = fit_poisson(Y, X, POPULATION)
    assert model.coefficients == pytest.approx([-5.573213, 2.264480], abs=1e-6)
    assert model.log_likelihood == pytest.approx(-35.82149, abs=1e-5)
    assert model.dispersion == pytest.approx(4.26958, abs=1e-5)
    assert model.bic == pytest.approx(76.6128, abs=1e-4)
    assert model.mean(X, POPULATION).sum() == pytest.approx(93)


def test_reference_negative_binomial():
    model = fit_counts(Y, X, POPULATION)
    assert model.name == "negative binomial"
    # the reference's optimiser stops at 1e-5 of the likelihood, which leaves 1e-4 in the coefficients
    assert model.coefficients == pytest.approx([-5.85892, 2.62696], abs=2e-4)
    assert model.alpha == pytest.approx(0.352104, abs=2e-5)
    assert model.log_likelihood == pytest.approx(-29.98109, abs=1e-5)
    assert model.bic == pytest.approx(67.4169, abs=1e-4)
    assert model.mean(X, POPULATION).sum() == pytest.approx(88.840, abs=1e-3)
    assert model.dispersion == pytest.approx(4.26958, abs=1e-5)


def test_statsmodels_agrees():
    glm = sm.GLM(Y, X, family=sm.families.Poisson(), offset=np.log(POPULATION)).fit(tol=1e-12)
    assert fit_poisson(Y, X, POPULATION).coefficients == pytest.approx(glm.params, abs=1e-8)
    model = fit_negative_binomial(Y, X, POPULATION)
    family = sm.families.NegativeBinomial(alpha=model.alpha)
    second = sm.GLM(Y, X, family=family, offset=np.log(POPULATION)).fit(tol=1e-12)
    assert model.coefficients == pytest.approx(second.params, abs=1e-6)
    assert model.log_likelihood == pytest.approx(second.llf, abs=1e-8)


def test_underdispersed_counts_keep_the_poisson():
    rng = np.random.default_rng(4)
    exposure = rng.uniform(200, 900, 60)
    x = np.column_stack([np.ones(60), rng.normal(size=60)])
    y = np.round(exposure * np.exp(x @ [-4, 0.3]))
    assert fit_counts(y, x, exposure).name == "poisson"


def test_a_group_without_incidents_does_not_break_the_fit():
    design = np.column_stack([np.ones(6), [1, 1, 1, 0, 0, 0]])
    beta, has_settled = refit(np.array([0, 0, 0, 5, 4, 6.0]), design, np.ones(6), 0.0)
    assert np.exp(beta[0]) == pytest.approx(5)
    assert np.exp(beta.sum()) < 1e-6
    assert isinstance(has_settled, bool)
