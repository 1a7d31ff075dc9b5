"""How many processes a benchmark takes, where nobody has said so."""

from __future__ import annotations

from joblib import parallel_config
from joblib.parallel import get_active_backend


def usual_processes(number: int) -> parallel_config:
    """A context in which joblib takes a number of processes, unless whoever calls has chosen otherwise.

    A backend or number set by :func:`joblib.parallel_config` stays as it is, so that the same work runs on a Dask
    cluster, in threads or one piece after another.

    Parameters
    ----------
    number : int

    Returns
    -------
    joblib.parallel_config

    Examples
    --------
    >>> from joblib import effective_n_jobs
    >>> with usual_processes(2):
    ...     effective_n_jobs(None)
    2
    >>> with parallel_config("threading", n_jobs=3), usual_processes(2):
    ...     effective_n_jobs(None)
    3
    """
    backend, chosen = get_active_backend()
    # Backends of a cluster take all of it where no number is given; those of one machine take a single process.
    is_open = chosen is None and backend.default_n_jobs == 1
    return parallel_config(n_jobs=number if is_open else chosen)
