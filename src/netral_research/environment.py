"""The conda environment file, written from ``pyproject.toml`` so that the two cannot differ.

``make lock`` renews it.
"""

from __future__ import annotations

import tomllib

from netral_research.files import find_project, read_text, write_text

__all__ = ["environment_file"]

HEADER = "# Generated from pyproject.toml by `make lock`; do not edit."


def environment_file(pyproject: str) -> str:
    r"""Write the text of ``environment.yml`` for conda, mamba and repo2docker.

    Conda provides Python and pip only; the libraries come by pip, because their names and versions on conda
    channels differ.

    Parameters
    ----------
    pyproject
        The text of ``pyproject.toml``.

    Returns
    -------
    str
        The text of ``environment.yml``, ending in a newline.

    Raises
    ------
    KeyError
        When the project table lacks its name, its Python range or its dependencies.
    tomllib.TOMLDecodeError
        When the text is no TOML.

    Examples
    --------
    >>> text = '[project]\nname = "demo"\nrequires-python = ">=3.11"\ndependencies = ["rich>=13.9"]'
    >>> print(environment_file(text))
    # Generated from pyproject.toml by `make lock`; do not edit.
    name: demo
    channels:
      - conda-forge
    dependencies:
      - "python>=3.11"
      - pip
      - pip:
          - "rich>=13.9"
          - "-e ."
    <BLANKLINE>
    """
    project = tomllib.loads(pyproject)["project"]
    lines = [
        HEADER,
        f"name: {project['name']}",
        "channels:",
        "  - conda-forge",
        "dependencies:",
        f'  - "python{project["requires-python"]}"',
        "  - pip",
        "  - pip:",
        *(f'      - "{requirement}"' for requirement in [*project["dependencies"], "-e ."]),
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    _project = find_project()
    write_text(_project.path("environment.yml"), environment_file(read_text(_project, "pyproject.toml")))
