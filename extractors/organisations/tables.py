"""The data behind the reading of organisations, each table loaded once: words around names, kinds of bodies, what is no body.

Holds no rule: `tagged` marks a text with these words, `names` and `proposals` read it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

from extractors.lexicon import Cue, Matcher, Words, fold, function_words, load


class CachedMatcher(Matcher):
    """A Matcher that remembers which patterns can start at a word form: texts repeat their words."""

    _LIMIT = 50_000

    def __init__(self, patterns: dict[str, list[str]]) -> None:
        super().__init__(patterns)
        self._known: dict[str, tuple[tuple[tuple[str, ...], str, str], ...]] = {}

    def _candidates(self, word: str) -> Iterator[tuple[tuple[str, ...], str, str]]:
        found = self._known.get(word)
        if found is None:
            found = tuple(super()._candidates(word))
            if len(self._known) < self._LIMIT:
                self._known[word] = found
        return iter(found)


@dataclass(frozen=True, slots=True)
class LanguageWords:
    """One language's table of organisation_words.toml with the lexicon's lists; the file explains the keys."""

    noun_capitals: bool
    towns_first: bool
    follows: bool
    heads_last: bool
    bare_names: bool
    title_joins: bool
    legal_first: bool
    attributes: tuple[str, ...]
    endings: tuple[str, ...]
    definite: tuple[str, ...]
    before_definite: tuple[str, ...]
    genitive_attributes: tuple[str, ...]
    opens_small: frozenset[str]
    small_names: bool
    small_bodies: bool
    inside_case: tuple[str, ...]
    loose: frozenset[str]
    within: frozenset[str]
    articles: frozenset[str]
    joiners: frozenset[str]
    stops: frozenset[str]
    never: frozenset[str]


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(resources.files("extractors").joinpath("data", name).read_text("utf-8"))


@lru_cache(maxsize=1)
def _all_words() -> dict[str, dict[str, Any]]:
    return _read("organisation_words.toml")


def _table(language: str) -> dict[str, Any]:
    return _all_words().get(load(language).code, {})


@lru_cache(maxsize=64)
def language_words(language: str) -> LanguageWords:
    """What the reading of names needs to know of `language` (BCP 47) besides its patterns."""
    table, lexicon = _table(language), load(language)
    return LanguageWords(
        noun_capitals=table.get("noun_capitals", False),
        towns_first=table.get("towns_first", False),
        follows=table.get("follows", False),
        heads_last=table.get("heads_last", False),
        bare_names=table.get("bare_names", False),
        title_joins=table.get("title_joins", False),
        legal_first=table.get("legal_first", False),
        attributes=tuple(table.get("attributes", [])),
        endings=tuple(sorted(table.get("endings", []), key=len, reverse=True)),
        definite=tuple(table.get("definite", [])),
        before_definite=tuple(table.get("before_definite", [])),
        genitive_attributes=tuple(table.get("genitive_attributes", [])),
        opens_small=frozenset(table.get("opens_small", [])),
        small_names=table.get("small_names", False),
        inside_case=tuple(table.get("inside_case", [])),
        small_bodies=table.get("small_bodies", False),
        loose=frozenset(fold(word).rstrip("'") for word in table.get("loose", [])),
        within=frozenset(fold(word).rstrip("'") for word in table.get("within", [])),
        articles=frozenset(fold(word).rstrip("'") for word in table.get("articles", [])),
        joiners=frozenset([*(fold(word) for word in lexicon.dates.and_), "and", "&"]),
        stops=function_words(language),
        never=frozenset(lexicon.organisations.not_names),
    )


_VOWELS = frozenset("aeiouyąęėįųūāēīáéíóúýěôаеиоуыяюєіїәαεηιουω")
_STEM = 3
"""Letters a stem must keep before endings are put to it."""


def _inflected(patterns: Iterable[str], cases: Sequence[str]) -> list[str]:
    """The patterns with the case endings of the language, put behind a last consonant or in the place of a last vowel."""
    found = list(patterns)
    for pattern in list(found):
        word = pattern.removeprefix("*")
        if not word.isalpha() or len(word) <= _STEM:
            continue
        stem = pattern[:-1] if pattern[-1] in _VOWELS else pattern
        found.extend(stem + ending for ending in cases)
        if stem != pattern:
            found.extend(pattern + ending for ending in cases if ending[0] not in _VOWELS)
    return found


@lru_cache(maxsize=64)
def matcher(language: str) -> Matcher:
    """All word lists of a language as one matcher; English heads and legal forms are known in every language.

    Tags: ``head``, ``weak``, ``lower`` (heads that may be written small), ``foreign`` and ``foreign_weak`` (English heads in another
    language), ``legal``, ``link``, ``subject``, ``continues`` (subjects that may follow any
    word), ``name``, ``generic``, ``vague``, ``small_name``, ``apposition``, ``job``, ``venue``, ``street``, ``located``,
    ``municipal``, ``unit``, ``town``, ``portfolio``, ``building``, ``not``.
    """
    lexicon, table = load(language), _table(language)
    own = lexicon.organisations
    weak = set(own.weak_heads)
    stops = function_words(language)
    links = [word for word in own.inside if word in stops or len(word) <= 3 or not word.isalpha()]
    tags: dict[str, list[str]] = {
        "head": [head for head in own.heads if head not in weak],
        "weak": own.weak_heads,
        "legal": list(own.legal_forms),
        "link": [*links, "&"],
        "continues": [word for word in own.inside if word not in set(links)],
        "subject": [*(word for word in own.inside if word not in set(links)), *table.get("subjects", [])],
        "lower": table.get("lower_heads", []),
        "name": table.get("names", []),
        "generic": table.get("generic", []),
        "vague": table.get("vague", []),
        "small_name": table.get("small_singles", []),
        "apposition": table.get("appositions", []),
        "job": [title.removesuffix(" *") for title in lexicon.people.job_titles],
        "venue": lexicon.places.venue_heads,
        "street": lexicon.places.street_heads,
        "located": kinds()["located"],
        "municipal": kinds()["municipal"],
        "unit": [*kinds()["unit"], *table.get("units", [])],
        "town": kinds()["town"],
        "portfolio": kinds()["portfolio"],
        "building": kinds()["building"],
        "not": list(not_bodies()[1]),
    }
    if lexicon.code != "en":
        english = load("en").organisations
        weak_english = set(english.weak_heads)
        tags["foreign"] = [*(head for head in english.heads if head not in weak_english), *kinds()["university"]]
        tags["foreign_weak"] = english.weak_heads
        tags["legal"].extend(form for form in english.legal_forms if form not in tags["legal"])
        tags["link"].extend(word for word in ("of", "for", "and") if word not in tags["link"])
    cases = str(table.get("cases", "")).split()
    # A town's word of another language is none here.
    own_heads = {head.strip("*") for head in own.heads}
    tags["municipal"] = [word for word in kinds()["municipal"] if word.strip("*") in own_heads or word.removeprefix("*") in own_heads]
    for tag in ("head", "weak", "lower", "generic", "small_name", "municipal") if cases else ():
        tags[tag] = _inflected(tags[tag], cases)
    weak_forms = set(tags["weak"])
    tags["head"] = [head for head in tags["head"] if head not in weak_forms]
    return CachedMatcher({tag: list(dict.fromkeys(patterns)) for tag, patterns in tags.items()})


@lru_cache(maxsize=64)
def list_gap(language: str) -> re.Pattern[str]:
    """What stands between two bodies with one more name between them: a comma, articles, the name, a comma or "and", articles."""
    words = sorted(language_words(language).stops, key=lambda word: (-len(word), word))
    small = "|".join(re.escape(word) for word in words if word.isalpha() and len(word) <= 4)
    joiners = "|".join(re.escape(word) for word in sorted(language_words(language).joiners))
    article = rf"(?:(?:{small})(?:['’] ?| ))?" if small else ""
    name = r"(?P<name>[^\W\d_][\w&.'’-]{1,30}(?: (?:& )?[^\W\d_][\w&'’-]{1,30}){0,2})"
    return re.compile(rf"(?: ?\([^()\n]{{1,20}}\))?, {article}{name}(?:, | (?:{joiners}) |, (?:{joiners}) ){article}")


def is_place(name: str, language: str) -> bool:
    """True when a name is by itself that of a country, a region or a town of some size."""
    from extractors.places import lookup  # the gazetteer opens on first use

    return any(place.kind != "city" or place.population >= 5000 or place.capital for place in lookup(name, language=language)[:3])


@lru_cache(maxsize=20_000)
def is_head_form(form: str, language: str) -> bool:
    """True when a folded word is by itself a head or a one-word name of the language."""
    return bool(_nominative_matcher(language).find(Words.of(form)))


@lru_cache(maxsize=64)
def _nominative_matcher(language: str) -> Matcher:
    """Heads and one-word names as the lexicon lists them, without the endings put to them."""
    listed = [*load(language).organisations.heads, *_table(language).get("names", [])]
    return CachedMatcher({"head": [pattern.removesuffix("*") for pattern in listed]})


@lru_cache(maxsize=20_000)
def is_whole_head(form: str, language: str) -> bool:
    """True when a folded word is a head by itself and not only ends like one."""
    return any(cue.tag in {"head", "weak"} and cue.pattern.strip("*") == form for cue in matcher(language).find(Words.of(form)))


@lru_cache(maxsize=20_000)
def is_name_form(form: str, language: str) -> bool:
    """True when a folded word is by itself a one-word name of the language and no generic word."""
    tags = {cue.tag for cue in matcher(language).find(Words.of(form))}
    return "name" in tags and "generic" not in tags


@lru_cache(maxsize=64)
def before_place(language: str) -> frozenset[tuple[str, ...]]:
    """The language's prepositions of place, cut into words."""
    return frozenset(tuple(Words.of(pattern).forms) for pattern in load(language).places.before_place)


@lru_cache(maxsize=64)
def label_words(language: str) -> frozenset[str]:
    """One-word labels of fields and the language's words around them: "Organiser", "Date", "Place"."""
    return frozenset(fold(pattern) for _, patterns in load(language).labels for pattern in patterns if " " not in pattern)


@lru_cache(maxsize=1)
def not_bodies() -> tuple[frozenset[str], tuple[str, ...]]:
    """Short forms that are no bodies, letter by letter, and what names of texts, plans and prizes end in, as patterns."""
    data = _read("not_organisations.toml")
    return frozenset(data["short_forms"]), tuple(data["not_heads"])


@lru_cache(maxsize=1)
def _name_matcher() -> Matcher:
    return CachedMatcher({"name": _read("not_organisations.toml")["names"]})


def is_not_a_body(name: str) -> bool:
    """True for a whole name, articles aside, of what is no body of its own: the European Union as a place, member states."""
    words = Words.of(name)
    return any(cue.last == len(words) and cue.first <= 1 for cue in _name_matcher().find(words))


def is_generic(form: str, language: str) -> bool:
    """True for a folded word that names a kind of body only."""
    return any(cue.tag == "generic" for cue in matcher(language).find(Words.of(form)))


@lru_cache(maxsize=1)
def mixed_legal_forms() -> frozenset[str]:
    """Short legal forms that are written with small letters."""
    return frozenset(kinds()["mixed_forms"])


@lru_cache(maxsize=1)
def text_matcher() -> Matcher:
    """What names of texts, plans and prizes end in."""
    return CachedMatcher({"not": list(not_bodies()[1])})


@lru_cache(maxsize=64)
def nominatives(language: str) -> frozenset[str]:
    """The heads of `language` in the nominative, folded; empty where names are not inflected or their endings can be cut."""
    return frozenset(str(_table(language).get("nominatives", "")).split())


@lru_cache(maxsize=1)
def kinds() -> dict[str, list[str]]:
    """The lists of organisation_types.toml."""
    return _read("organisation_types.toml")


@lru_cache(maxsize=1)
def _kind_matcher() -> Matcher:
    return CachedMatcher({kind: kinds()[kind] for kind in ("university", "association", "company")})


@lru_cache(maxsize=1)
def _association_forms() -> frozenset[str]:
    return frozenset("".join(Words.of(form).forms) for form in kinds()["association_forms"])


def kind_of_legal_form(form: str) -> str:
    """``association`` for the legal forms of associations and foundations, else ``company``."""
    return "association" if "".join(Words.of(form).forms) in _association_forms() else "company"


def kind_of_heads(heads: Sequence[str]) -> str:
    """The kind of body that head words (folded) speak of: the first that says university, association or company, else authority."""
    for head in heads:
        found = _kind_matcher().find(Words.of(head))
        for kind in ("university", "association", "company"):
            if any(cue.tag == kind for cue in found):
                return kind
    return "authority"


# -- well-known bodies --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Body:
    """A row of bodies.toml."""

    name: str
    type: str
    acronyms: frozenset[str]
    country: str | None
    wikidata: str | None
    acting: bool


@lru_cache(maxsize=1)
def bodies() -> tuple[Body, ...]:
    """The well-known bodies, in the order of the file."""
    return tuple(
        Body(
            row["name"], row["type"], frozenset(row.get("acronyms", [])), row.get("country"), row.get("wikidata"), row.get("acting", False)
        )
        for row in _read("bodies.toml")["body"]
    )


@lru_cache(maxsize=1)
def _body_matcher() -> Matcher:
    patterns: dict[str, list[str]] = {}
    for number, row in enumerate(_read("bodies.toml")["body"]):
        for key in ("forms", "acronyms", "short"):
            if row.get(key):
                patterns[f"{key} {number}"] = [*row[key]]
    return CachedMatcher(patterns)


def find_bodies(words: Words) -> list[tuple[str, int, Cue]]:
    """The forms of well-known bodies in a text, as (``forms``, ``acronyms`` or ``short``; row; cue). Decides nothing about case."""
    found = []
    for cue in _body_matcher().find(words):
        key, number = cue.tag.split()
        found.append((key, int(number), cue))
    return found
