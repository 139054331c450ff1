"""The word lists of contact data, loaded once: extractors/data/contacts.toml and the lexicons merged. Decides nothing."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib import resources

from extractors.contacts.letters import plain
from extractors.lexicon import Matcher, available, load


@lru_cache(maxsize=1)
def _table() -> dict[str, list[str]]:
    path = resources.files("extractors") / "data" / "contacts.toml"
    return tomllib.loads(path.read_text("utf-8"))


def words(key: str) -> tuple[str, ...]:
    """A list of contacts.toml as written there."""
    return tuple(_table()[key])


@lru_cache(maxsize=32)
def word_set(key: str) -> frozenset[str]:
    """A list of contacts.toml as a set, lower-case."""
    return frozenset(word.lower() for word in _table()[key])


def languages_of(*codes: str | None) -> tuple[str, ...]:
    """The languages given, each once, English last; every language there is when none is known."""
    known = [code for code in dict.fromkeys(codes) if code and load(code).code != "und"]
    if not known:
        return available()
    return (*known, "en") if "en" not in known else tuple(known)


@lru_cache(maxsize=1)
def at_words() -> frozenset[str]:
    """Words written for ``@`` in brackets, of all languages."""
    return frozenset(word.lower() for code in available() for word in load(code).people.at_words) | {"at", "@"}


@lru_cache(maxsize=1)
def dot_words() -> frozenset[str]:
    """Words written for ``.`` in an address, of all languages."""
    return frozenset(word.lower() for code in available() for word in load(code).people.dot_words) | {"dot", "."}


@lru_cache(maxsize=64)
def phone_matcher(languages: tuple[str, ...]) -> Matcher:
    """Cues of telephone numbers: tags ``phone``, ``mobile``, ``fax``.

    The cues of `languages`, and every cue of three letters or more that at least two languages share ("tel.", "gsm").
    """
    users: dict[tuple[str, str], set[str]] = {}
    for code in available():
        people, labels = load(code).people, load(code).labels
        tagged = (("phone", people.phone_cues + labels.phone), ("mobile", people.mobile_cues), ("fax", people.fax_cues))
        for tag, patterns in tagged:
            for pattern in patterns:
                users.setdefault((tag, pattern), set()).add(code)
    chosen: dict[str, list[str]] = {"phone": [], "mobile": [], "fax": []}
    for (tag, pattern), codes in users.items():
        if codes.intersection(languages) or (len(codes) >= 2 and len(plain(pattern)) >= 3):
            chosen[tag].append(pattern)
    return Matcher(chosen)
