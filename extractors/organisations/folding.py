"""Names made comparable. No knowledge of bodies."""

from __future__ import annotations

import unicodedata
from functools import lru_cache


@lru_cache(maxsize=8192)
def fold_name(name: str) -> str:
    """A name's letters, lower case and without diacritics and marks, single spaces."""
    flat = unicodedata.normalize("NFKD", name.casefold())
    kept = "".join(c if c.isalnum() else " " for c in flat if not unicodedata.combining(c))
    return " ".join(kept.split())


def same_inflected(one: str, two: str) -> bool:
    """True for two folded forms of one name that differ in case endings only: as many words, each with the same stem."""
    a, b = one.split(), two.split()
    if len(a) != len(b):
        return False
    for x, y in zip(a, b, strict=True):
        if x == y:
            continue
        shared = next((i for i, (p, q) in enumerate(zip(x, y, strict=False)) if p != q), min(len(x), len(y)))
        longest = max(len(x), len(y))
        if shared < 3 or longest - shared > 4 or shared < 0.6 * longest:
            return False
    return True


def is_short_form(key: str, longer: str) -> bool:
    """True when folded `key` is the end or beginning of `longer`, on word borders, and not a mere common word of it."""
    if len(key) >= len(longer) or len(key) < 4:
        return False
    return (longer.endswith(" " + key) or longer.startswith(key + " ")) and (len(key.split()) >= 2 or len(longer.split()) <= 3)


def initials(key: str, skip: frozenset[str]) -> str:
    """The first letters of a folded name's words, without those in `skip`."""
    return "".join(word[0] for word in key.split() if word not in skip)
