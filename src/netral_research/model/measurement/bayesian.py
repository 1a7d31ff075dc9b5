"""The same model by Hamiltonian Monte Carlo, to check the Laplace approximation. Needs the optional NumPyro."""

from __future__ import annotations

import importlib
import importlib.util
from typing import Any

import numpy as np
import pandas as pd
from scipy import linalg

from netral_research.errors import CannotEstimateError, Problem
from netral_research.model.measurement.design import Design
from netral_research.model.measurement.fit import MeasurementFit
from netral_research.model.measurement.posterior import (
    FIXED_SPREAD,
    SLOPE_LOG_CENTRE,
    SLOPE_LOG_SPREAD,
    SPREAD_LOG_CENTRES,
    SPREAD_LOG_SPREADS,
    SPREADS,
    Posterior,
)

PACKAGE = "numpyro"


def fit_bayesian(fit: MeasurementFit, warmup: int, draws: int, chains: int, seed: int) -> dict[str, np.ndarray]:
    """Draw from the joint posterior of effects and spreads, with the priors of the Laplace fit.

    Parameters
    ----------
    fit : MeasurementFit
        Its mode is where the chains start, its covariance how far they step at first; neither enters the posterior.
    warmup, draws, chains : int
        Chains run one after another.
    seed : int

    Returns
    -------
    dict of str to numpy.ndarray
        ``effects`` of shape (chains, draws, p), as :attr:`MeasurementFit.effects` has them; ``log_spreads`` of shape
        (chains, draws, 4); ``divergences`` of shape (chains, draws).

    Raises
    ------
    CannotEstimateError
        If NumPyro is not installed.

    References
    ----------
    Phan, Pradhan and Jankowiak (2019), arXiv 1912.11554.
    """
    if importlib.util.find_spec(PACKAGE) is None:
        raise CannotEstimateError([Problem("model_package_missing", fields={"package": PACKAGE})])
    jax, infer = importlib.import_module("jax"), importlib.import_module("numpyro.infer")
    jax.config.update("jax_enable_x64", True)
    inner = Posterior(fit.design).mode(fit.log_spreads, fit.mode).covariance()
    kernel = infer.NUTS(
        _model(fit.design), dense_mass=True, inverse_mass_matrix=linalg.block_diag(inner, fit.log_spread_covariance),
        init_strategy=infer.init_to_value(values={"standard": np.concatenate([fit.mode, fit.log_spreads])}),
    )  # fmt: skip
    sampler = infer.MCMC(
        kernel, num_warmup=warmup, num_samples=draws, num_chains=chains, chain_method="sequential", progress_bar=False
    )
    sampler.run(jax.random.PRNGKey(seed), extra_fields=("diverging",))
    standard = np.array(sampler.get_samples(group_by_chain=True)["standard"])
    effects, log_spreads = standard[..., :-4], standard[..., -4:]
    _, _, units, cells = fit.design.blocks.spans
    effects[..., units] *= np.exp(log_spreads[..., :1])
    effects[..., cells] *= np.exp(log_spreads[..., 1:2])
    divergences = np.asarray(sampler.get_extra_fields(group_by_chain=True)["diverging"])
    return {"effects": effects, "log_spreads": log_spreads, "divergences": divergences}


def _model(design: Design) -> Any:
    jnp, numpyro = importlib.import_module("jax.numpy"), importlib.import_module("numpyro")
    dist = importlib.import_module("numpyro.distributions")
    gammaln = importlib.import_module("jax.scipy.special").gammaln
    sparse = importlib.import_module("jax.experimental.sparse")
    fixed, slopes, units, cells = design.blocks.spans
    centre, spread = np.zeros(design.blocks.size + 4), np.ones(design.blocks.size + 4)
    spread[fixed] = FIXED_SPREAD
    centre[slopes], spread[slopes] = SLOPE_LOG_CENTRE, SLOPE_LOG_SPREAD
    centre[-4:], spread[-4:] = SPREAD_LOG_CENTRES, SPREAD_LOG_SPREADS
    matrix = sparse.BCOO.from_scipy_sparse(design.matrix)
    exact = design.lower == design.upper
    bounded = ~exact & np.isfinite(design.upper)
    # Counts inside each interval; where it has no end, the counts below it.
    first = np.where(bounded, design.lower, 0.0)
    last = np.where(bounded, design.upper, design.lower - 1)
    spans = [np.arange(*span) for span in zip(first[~exact], last[~exact] + 1, strict=True)]
    counted = np.concatenate([np.zeros(0), *spans])
    row = np.repeat(np.flatnonzero(~exact), [len(span) for span in spans])
    owner, sign = jnp.asarray(design.owner), jnp.asarray(design.sign)

    def log_pmf(count: Any, log_mean: Any, size: Any) -> Any:
        log_total = jnp.logaddexp(jnp.log(size), log_mean)
        return (
            gammaln(count + size) - gammaln(size) - gammaln(count + 1)
            + size * (jnp.log(size) - log_total) + count * (log_mean - log_total)
        )  # fmt: skip

    def model() -> None:
        standard = numpyro.sample("standard", dist.Normal(centre, spread).to_event(1))
        log_spreads = standard[-4:]
        effects = jnp.concatenate([
            standard[fixed], jnp.exp(standard[slopes]), jnp.exp(log_spreads[0]) * standard[units],
            jnp.exp(log_spreads[1]) * standard[cells],
        ])  # fmt: skip
        latent = jnp.exp(matrix @ effects + design.offset)
        mean = jnp.zeros(len(design.lower)).at[owner].add(sign * latent)
        log_mean = jnp.log(jnp.maximum(mean, 1e-12))
        size = jnp.exp(-jnp.where(design.national, log_spreads[3], log_spreads[2]))
        value = jnp.where(exact, log_pmf(jnp.where(exact, design.lower, 0.0), log_mean, size), 0.0)
        each = jnp.exp(log_pmf(counted, log_mean[row], size[row]))
        summed = jnp.zeros(len(design.lower)).at[row].add(each)
        inside = jnp.where(bounded, summed, 1 - summed)
        value += jnp.where(exact, 0.0, jnp.log(jnp.maximum(inside, 1e-300)))
        numpyro.factor("counts", value.sum())

    return model


def compare_with_laplace(fit: MeasurementFit, drawn: dict[str, np.ndarray]) -> pd.DataFrame:
    """Means and standard deviations of both fits, side by side.

    Parameters
    ----------
    fit : MeasurementFit
    drawn : dict of str to numpy.ndarray
        As :func:`fit_bayesian` gives it.

    Returns
    -------
    pandas.DataFrame
        ``quantity``, ``laplace``, ``laplace_error``, ``bayesian``, ``bayesian_error``, ``difference`` (in Bayesian
        standard deviations) and ``scale_reduction`` (near 1 where the chains agree).
    """
    blocks = fit.design.blocks
    cells = [f"{unit}:{cycle}" for unit, cycle in blocks.cells]
    draws = np.concatenate([drawn["effects"], drawn["log_spreads"]], axis=-1)
    flat = draws.reshape(-1, draws.shape[-1])
    error = np.concatenate([np.sqrt(np.diag(fit.covariance)), np.sqrt(np.diag(fit.log_spread_covariance))])
    table = pd.DataFrame(
        {
            "quantity": [*blocks.fixed, *blocks.slopes, *blocks.units, *cells, *SPREADS],
            "laplace": np.concatenate([fit.effects, fit.log_spreads]), "laplace_error": error,
            "bayesian": flat.mean(axis=0), "bayesian_error": flat.std(axis=0, ddof=1),
        }
    )  # fmt: skip
    within = draws.var(axis=1, ddof=1).mean(axis=0)
    between = draws.mean(axis=1).var(axis=0, ddof=1) if draws.shape[0] > 1 else np.zeros(draws.shape[-1])
    return table.assign(
        difference=(table["laplace"] - table["bayesian"]) / table["bayesian_error"],
        scale_reduction=np.sqrt((within * (draws.shape[1] - 1) / draws.shape[1] + between) / within),
    )
