"""The words that go beyond what evidence allows, in Indonesian and English.

The gate reads words, not minds: it finds words of effect and of no effect unless they are denied, weighed both ways, or
named as what cannot be told.
"""

from __future__ import annotations

import re
from functools import cache

from netral_research.model.claims import Claims
from netral_research.robustness.forbidden_words import (
    CONSISTENT,
    DIRECTION,
    EFFECT,
    EXCUSED,
    NO_EFFECT,
    WITHIN_REGION,
)

# What templates and mark-up put into a sentence.
MARKUP = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{\w*\}|<[^>]*>|[*_`]")


def check_wording(text: str, language: str, claims: Claims) -> tuple[str, ...]:
    """Find the phrases that say more than the evidence allows.

    Parameters
    ----------
    text : str
        One or more sentences, as printed or as a template.
    language : {"id", "en"}
    claims : Claims

    Returns
    -------
    tuple of str
        Forbidden phrases as they stand in the text, in its order; empty where there is none.

    Examples
    --------
    >>> check_wording("Socialisation reduced violations.", "en", Claims("within_region_association"))
    ('reduced',)
    >>> check_wording("Ini bukan dampak sosialisasi.", "id", Claims("cannot_tell"))
    ()
    >>> check_wording("Sosialisasi tidak berdampak.", "id", Claims("cannot_tell"))
    ('tidak berdampak',)
    """
    words = re.sub(r"\s+", " ", MARKUP.sub(" ", text))
    excused = [EXCUSED[language]]
    if claims.allows("consistent_with_effect"):
        excused.insert(0, CONSISTENT[language])
    words = _pattern(*excused).sub(lambda found: "·" * len(found.group()), words)
    forbidden = [NO_EFFECT[language], EFFECT[language]]
    if not claims.allows("descriptive"):
        forbidden.append(DIRECTION[language])
    if not claims.allows("within_region_association"):
        forbidden.append(WITHIN_REGION[language])
    return tuple(found.group() for found in _pattern(*forbidden).finditer(words))


@cache
def _pattern(*lists: str) -> re.Pattern[str]:
    lines = [line.strip() for words in lists for line in words.strip().splitlines()]
    return re.compile(rf"\b(?:{'|'.join(lines)})\b", re.IGNORECASE)
