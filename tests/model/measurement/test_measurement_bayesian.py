"""The second fit of the same model: by name refused where NumPyro is absent, in agreement where it is there."""

from __future__ import annotations

import importlib.util

import numpy as np
import pytest

from netral_research.errors import CannotEstimateError
from netral_research.model.measurement import bayesian
from netral_research.model.measurement.bayesian import compare_with_laplace, fit_bayesian


def test_without_the_package_it_is_refused_by_name(fitted, monkeypatch):
    monkeypatch.setattr(bayesian, "PACKAGE", "a_package_that_does_not_exist")
    with pytest.raises(CannotEstimateError) as refusal:
        fit_bayesian(fitted, 10, 10, 1, seed=1)
    assert refusal.value.problems[0].fields["package"] == "a_package_that_does_not_exist"


@pytest.mark.skipif(
    importlib.util.find_spec("numpyro") is None,
    reason="numpyro is not installed: it is the optional extra bayes of pyproject.toml and not in the lock",
)
def test_both_fits_agree(fitted):
    drawn = fit_bayesian(fitted, 150, 250, 1, seed=1)
    table = compare_with_laplace(fitted, drawn).set_index("quantity")
    fixed = list(fitted.design.blocks.fixed)
    # Referrals are told after polling only, so their effect leans on a clock slope whose distribution is skewed: its
    # mean and its mode lie 0.3 to 0.45 posterior standard deviations apart, in chains four times as long too.
    assert table.loc[fixed, "difference"].abs().max() < 0.55
    assert table.loc[fixed, "difference"].abs().median() < 0.3
    assert np.abs(np.log(table.loc[fixed, "laplace_error"] / table.loc[fixed, "bayesian_error"])).max() < 0.3
