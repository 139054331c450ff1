"""The languages as data: one TOML file per language, loaded lazily and once. No rule of a language lives in code."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib import resources

from pydantic import ValidationError

from extractors.lexicon.match import Cue, Matcher, Words, fold
from extractors.lexicon.model import Lexicon

__all__ = [
    "Cue",
    "Lexicon",
    "LexiconError",
    "Matcher",
    "Words",
    "abbreviations",
    "auxiliaries",
    "available",
    "cue_matcher",
    "field_of",
    "fold",
    "function_words",
    "load",
]

_ALIASES = {"no": "nb", "bs": "hr", "sh": "sr", "pt-br": "pt", "sr-latn": "sr", "sr-cyrl": "sr"}


class LexiconError(ValueError):
    """A lexicon file that cannot be used; the message names the file, the key and the reason."""


@lru_cache(maxsize=1)
def available() -> tuple[str, ...]:
    """The codes (BCP 47) of the languages that have a lexicon, sorted."""
    folder = resources.files("extractors.lexicon")
    return tuple(sorted(entry.name[:-5] for entry in folder.iterdir() if entry.name.endswith(".toml")))


def code_for(language: str) -> str | None:
    """The lexicon that serves a BCP 47 code: ``no`` and ``nb-NO`` give ``nb``; None where there is none."""
    low = language.lower()
    for candidate in (low, _ALIASES.get(low, ""), low.split("-")[0], _ALIASES.get(low.split("-")[0], "")):
        if candidate and candidate in available():
            return candidate
    return None


@lru_cache(maxsize=64)
def load(language: str) -> Lexicon:
    """The lexicon of `language`; for one without a file, an English-named empty one with code ``und``.

    Raises LexiconError when the file is broken.
    """
    code = code_for(language)
    if code is None:
        return Lexicon(code="und", name="Undetermined", countries=[])
    path = resources.files("extractors.lexicon") / f"{code}.toml"
    try:
        return Lexicon.model_validate(tomllib.loads(path.read_text("utf-8")))
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        raise LexiconError(f"lexicon {code}.toml cannot be used: {error}; see docs/lexicon.md") from error


@lru_cache(maxsize=64)
def function_words(language: str) -> frozenset[str]:
    """The frequent function words of a language, lower case."""
    data = _function_word_data()
    entry = data.get(language) or data.get(language.split("-", maxsplit=1)[0], {})
    return frozenset(str(entry.get("words", "")).split())


@lru_cache(maxsize=1)
def _function_word_data() -> dict[str, dict[str, str]]:
    return tomllib.loads(resources.files("extractors").joinpath("data", "function_words.toml").read_text("utf-8"))


@lru_cache(maxsize=64)
def auxiliaries(language: str) -> frozenset[str]:
    """Function words that open the lexicon's verb phrases of happening ("is held", "wird stattfinden"): they end a name."""
    cues = load(language).cues
    return frozenset(pattern.split()[0] for pattern in (*cues.happens, *cues.happened) if len(pattern.split()) > 1) & function_words(
        language
    )


@lru_cache(maxsize=64)
def abbreviations(language: str) -> frozenset[str]:
    """The lexicon's one-word entries that end in a dot, without it: after them a dot ends no sentence."""
    found: set[str] = set()
    for section in ("dates", "times", "labels", "places", "people", "organisations"):
        for key, patterns in getattr(load(language), section):
            if key in {"after_year", "hour", "legal_forms"} or not isinstance(patterns, list):
                continue
            flat = [entry for item in patterns for entry in (item if isinstance(item, list) else [item])]
            found.update(entry[:-1].lower() for entry in flat if entry.endswith(".") and entry[:-1].isalpha())
    return frozenset(found)


@lru_cache(maxsize=64)
def cue_matcher(language: str) -> Matcher:
    """Cues, event nouns, roles, programmes, job titles and field labels of a language as one matcher.

    Tags are ``section.key``: ``cues.deadline``, ``events.workshop``, ``roles.organiser_by`` ...
    English event nouns, programme nouns and words for online attendance are known in every language.
    """
    lexicon = load(language)
    tagged: dict[str, list[str]] = {}
    for section in ("cues", "events", "roles", "programmes"):
        for key, patterns in getattr(lexicon, section):
            tagged.setdefault(f"{section}.{key}", []).extend(patterns)
    if lexicon.code != "en":
        english = load("en")
        for kind, patterns in english.events:
            known = tagged.setdefault(f"events.{kind}", [])
            known.extend(pattern for pattern in patterns if len(pattern.strip("*")) >= 6 and pattern not in known)
        for key in ("online", "hybrid"):
            tagged[f"cues.{key}"].extend(getattr(english.cues, key))
    return Matcher(tagged)


@lru_cache(maxsize=1)
def _all_labels() -> dict[str, dict[str, str]]:
    table: dict[str, dict[str, str]] = {}
    for code in available():
        for key, patterns in load(code).labels:
            for pattern in patterns:
                table.setdefault(" ".join(fold(pattern).split()), {}).setdefault(code, key)
    return table


def field_of(label: str, language: str | None = None) -> str | None:
    """The field a label stands for (``date``, ``place``, ``deadline_registration`` ...), or None.

    The given language decides first, then English, then the other languages in the order of their codes.
    """
    readings = _all_labels().get(" ".join(fold(label).strip(" :·–-?").split()))
    if not readings:
        return None
    for code in (language, "en"):
        if code and code in readings:
            return readings[code]
    return readings[min(readings)]
