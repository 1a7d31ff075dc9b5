"""The headline number by a second implementation: pyfixest's fixed-effects Poisson regression."""

from __future__ import annotations

import warnings
from collections.abc import Sequence

import numpy as np
import pandas as pd

from netral_research.model.poisson import FIXED_EFFECTS, Fit


def fit_by_pyfixest(sample: pd.DataFrame, regressors: Sequence[str]) -> pd.DataFrame:
    """Fit the same model with pyfixest.

    Parameters
    ----------
    sample : pandas.DataFrame
    regressors : sequence of str

    Returns
    -------
    pandas.DataFrame
        ``regressor``, ``coefficient`` and ``standard_error`` (cluster-robust by province, CRV1: too small with few
        provinces, shown for comparison only).
    """
    # Imported here: it loads slowly, and only this check needs it.
    import pyfixest as pf

    formula = f"count ~ {' + '.join(regressors)} | {' + '.join(FIXED_EFFECTS)}"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fitted = pf.fepois(
            formula, sample, offset="log_headcount", vcov={"CRV1": "unit_code"}, iwls_tol=1e-12, fixef_tol=1e-12
        )
    return pd.DataFrame(
        {
            "regressor": list(regressors),
            "coefficient": fitted.coef()[list(regressors)].to_numpy(),
            "standard_error": fitted.se()[list(regressors)].to_numpy(),
        }
    )


def compare(fit: Fit, second: pd.DataFrame) -> pd.DataFrame:
    """Put both implementations side by side.

    Parameters
    ----------
    fit : Fit
    second : pandas.DataFrame
        As :func:`fit_by_pyfixest` gives it.

    Returns
    -------
    pandas.DataFrame
        ``regressor``, ``own``, ``pyfixest``, ``agree`` (to eight digits), ``error_jackknife`` and
        ``error_usual``.

    Examples
    --------
    >>> fit = Fit(("dose",), ("dose",), np.array([0.03]), np.array([0.1]), pd.DataFrame(), np.array([20.0]), np.ones(1))
    >>> second = pd.DataFrame({"regressor": ["dose"], "coefficient": [0.03], "standard_error": [0.04]})
    >>> compare(fit, second)[["agree", "error_jackknife", "error_usual"]].to_numpy().tolist()
    [[True, 0.1, 0.04]]
    """
    chosen = second.set_index("regressor").loc[list(fit.regressors)]
    k = len(fit.regressors)
    ours, theirs = fit.coefficients[:k], chosen["coefficient"].to_numpy()
    return pd.DataFrame(
        {
            "regressor": list(fit.regressors),
            "own": np.round(ours, 9),
            "pyfixest": np.round(theirs, 9),
            "agree": np.abs(theirs - ours) < 1e-8,
            "error_jackknife": np.round(fit.standard_errors[:k], 9),
            "error_usual": np.round(chosen["standard_error"].to_numpy(), 9),
        }
    )
