"""What single words and short phrases say around places, by language: heads of venues, streets and bodies, online rooms, gatherings.

It reads the lexicons and place_words.toml; it never looks at a text.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from extractors.lexicon import load
from extractors.lexicon.model import Lexicon
from extractors.places.gazetteer import Endings, endings, fold_name

HEAD, STREET, ONLINE, BODY, EVENT, SCHOOL, LABEL, FREE, FLOOR = 1, 2, 4, 8, 16, 32, 64, 128, 256
"""What a word may be: head of a venue's name, of a street's, of a body's; a word of online rooms, of gatherings; a university;
a word for place or venue itself; a kind of house or room that is named after any town ("Hotel Paris");
a floor of a building."""
_PHRASE_SHIFT = 16
_LONGEST_PHRASE = 6

_ONLINE_EVERYWHERE = (
    "online",
    "teams",
    "zoom",
    "webex",
    "skype",
    "livestream",
    "webinar",
    "virtual",
    "remote",
    "youtube",
    "tbc",
    "tba",
    "tbd",
)
_WEAK_SINGLE_LETTERS = 3


@dataclass(frozen=True)
class Patterns:
    """Patterns of one class, folded: single words by how they match, and phrases by their first word."""

    exact: frozenset[str]
    beginnings: tuple[str, ...]
    ends: tuple[str, ...]
    phrases: Mapping[str, tuple[tuple[str, ...], ...]]
    """By their first word where it stands plainly; those that begin with a wildcard under an empty key. Longest first."""

    @classmethod
    def of(cls, patterns: Iterable[str]) -> Patterns:
        """Fold and sort `patterns` (``*`` at an end stands for any letters)."""
        exact, beginnings, ends, phrases = set(), set(), set(), set()
        for pattern in patterns:
            words = tuple(_tokens(pattern))
            if len(words) > 1:
                phrases.add(words[:_LONGEST_PHRASE])
            elif words and words[0].endswith("*"):
                if len(words[0]) > _WEAK_SINGLE_LETTERS:
                    beginnings.add(words[0][:-1])
            elif words and words[0].startswith("*"):
                if len(words[0]) > _WEAK_SINGLE_LETTERS:
                    ends.add(words[0][1:])
            elif words:
                exact.add(words[0])
        sorted_phrases: dict[str, list[tuple[str, ...]]] = {}
        for phrase in sorted(phrases, key=lambda p: (-len(p), p)):
            sorted_phrases.setdefault("" if "*" in phrase[0] else phrase[0], []).append(phrase)
        by_first = {first: tuple(found) for first, found in sorted_phrases.items()}
        return cls(frozenset(exact), tuple(sorted(beginnings)), tuple(sorted(ends)), by_first)

    def word(self, key: str) -> bool:
        """True when the folded word `key` alone matches."""
        return key in self.exact or key.startswith(self.beginnings or ("\0",)) or key.endswith(self.ends or ("\0",))

    def named(self, key: str) -> bool:
        """True when `key` is listed as it stands, without a wildcard."""
        return key in self.exact

    def begins_phrase(self, key: str) -> bool:
        """True when a phrase may start with `key`."""
        return key in self.phrases or any(same(phrase[0], key) for phrase in self.phrases.get("", ()))

    def phrase(self, keys: Sequence[str], at: int) -> int:
        """How many words of the longest phrase match from position `at`; 0 when none does."""
        best = 0
        for phrases in (self.phrases.get(keys[at], ()), self.phrases.get("", ())):
            for phrase in phrases:
                size = len(phrase)
                if size <= best:
                    break
                if at + size <= len(keys) and all(same(phrase[offset], keys[at + offset]) for offset in range(size)):
                    best = size
        return best


def _tokens(pattern: str) -> list[str]:
    """A pattern's folded words; a hyphen or an apostrophe parts words, as it does in texts."""
    words: list[str] = []
    for piece in pattern.split():
        folded = fold_name(piece.strip("*")).split()
        if folded and piece.startswith("*"):
            folded[0] = "*" + folded[0]
        if folded and piece.endswith("*"):
            folded[-1] += "*"
        words += folded
    return words


def same(part: str, key: str) -> bool:
    """True when one word of a pattern matches the folded word `key`."""
    if part.endswith("*"):
        return key.startswith(part[:-1])
    return key.endswith(part[1:]) if part.startswith("*") else part == key


@dataclass(frozen=True)
class Vocabulary:
    """One language's words around venues, folded."""

    language: str
    classes: tuple[tuple[int, Patterns], ...]
    at: frozenset[str]
    """First words of the prepositions that say where something is."""
    towards: frozenset[str]
    """First words of prepositions that say "to": one is invited to a venue."""
    before: frozenset[str]
    """First words of all prepositions in front of places, save those of the genitive."""
    beside_bodies: frozenset[str]
    """Prepositions that stand in front of bodies rather than places ("bei", "chez", "hos")."""
    inside: frozenset[str]
    """Small words inside a name."""
    genitive: frozenset[str]
    modifiers: bool
    """Adjectives and genitives in small letters may stand between a name and its head ("Moravská zemská knihovna")."""

    @property
    def heads(self) -> Patterns:
        """The patterns of venues' heads."""
        return self.classes[0][1]

    def bits(self, key: str) -> int:
        """The classes a folded word belongs to, as a sum; those it may begin a phrase of stand sixteen bits higher."""
        return _bits(self.language, key)

    def at_word(self, bit: int, keys: Sequence[str], at: int) -> int:
        """How many words from position `at` are of class `bit`: the longest phrase, else 1 or 0."""
        bits = _bits(self.language, keys[at])
        if bits & (bit << _PHRASE_SHIFT):
            for kind, patterns in self.classes:
                if kind == bit:
                    for key in (keys[at], *endings(self.language).unprefixed(keys[at])):
                        size = patterns.phrase([key, *keys[at + 1 : at + _LONGEST_PHRASE]], 0)
                        if size:
                            return size
        return int(bool(bits & bit))

    def locative(self, word: str, key: str) -> bool:
        """True when a head's form itself says "in" or "at": its ending cut off leaves a head, or its last letters say so."""
        rules = endings(self.language)
        if rules.locative_letters:
            letters = word.lower()
            return letters[-1] in rules.locative_letters or (letters[-1] == "s" and letters[-2:-1] in rules.locative_letters)
        if rules.clitics and key.endswith(tuple(clitic for clitic in rules.clitics if len(clitic) > 1)):
            return True
        return any(said and _bits(self.language, base) & HEAD for base, said in rules.bases(key)) if rules.locative else False


@lru_cache(maxsize=1)
def word_lists() -> dict[str, dict[str, str]]:
    """place_words.toml: lists of words by use and language ("all" holds for every language)."""
    raw: dict[str, dict[str, str]] = tomllib.loads((resources.files("extractors") / "data" / "place_words.toml").read_text("utf-8"))
    return raw


def _listed(use: str, language: str) -> list[str]:
    lists = word_lists().get(use, {})
    return [entry.strip() for key in ("all", language) for entry in lists.get(key, "").split(",") if entry.strip()]


@lru_cache(maxsize=64)
def vocabulary(language: str) -> Vocabulary:
    """The words of `language` (a BCP 47 primary subtag), from its lexicon and place_words.toml, folded once."""
    lexicon, english, rules = load(language), load("en"), endings(language)
    weak = {fold_name(word) for word in _listed("not_at", language)} | rules.genitive
    before = {fold_name(pattern.replace("'", " ").split()[0]) for pattern in lexicon.places.before_place if pattern.strip("'")}
    online = [*lexicon.cues.online, *english.cues.online, *_ONLINE_EVERYWHERE]
    events = [pattern for _kind, patterns in lexicon.events for pattern in patterns]
    told = [*lexicon.cues.happens, *_listed("told", language)]
    at = frozenset(word for word in before if word and word not in weak) | {fold_name(word) for word in _listed("at", language)}
    inside = frozenset(fold_name(word) for word in lexicon.organisations.inside if word.isalpha()) | rules.particles
    inside |= {fold_name(word) for word in _listed("inside", language)}
    inside -= at | {fold_name(word) for word in _listed("not_inside", language)}
    bodies = [*lexicon.organisations.heads, *lexicon.organisations.legal_forms]
    return Vocabulary(
        language=language,
        classes=(
            (HEAD, Patterns.of([*lexicon.places.venue_heads, *_listed("venue_heads", language)])),
            (STREET, Patterns.of([*lexicon.places.street_heads, *_listed("street_heads", language)])),
            (ONLINE, Patterns.of(online)),
            (BODY, Patterns.of(bodies)),
            (EVENT, Patterns.of([*events, *told])),
            (SCHOOL, Patterns.of(_listed("schools", language))),
            (LABEL, Patterns.of(_label_words(lexicon, len(rules.other) + len(rules.locative) > 3))),
            (FREE, Patterns.of(_listed("free_names", language))),
            (FLOOR, Patterns.of(_listed("floors", language))),
        ),
        at=at,
        towards=frozenset(fold_name(word) for word in _listed("towards", language)),
        before=(frozenset(word for word in before if word) - rules.genitive - inside) | at,
        beside_bodies=frozenset(fold_name(word) for word in _listed("beside_bodies", language)),
        inside=inside,
        genitive=rules.genitive,
        modifiers=len(rules.other) + len(rules.locative) > 3,
    )


def _label_words(lexicon: Lexicon, inflected: bool) -> list[str]:
    """Single words of the labels for places ("helyszín"), in any form where words take endings."""
    words = [word for word in (*lexicon.labels.place, *lexicon.labels.venue) if word.isalpha() and len(word) > 4]
    return [f"{word}*" if inflected else word for word in words]


@lru_cache(maxsize=1 << 15)
def _bits(language: str, key: str) -> int:
    keys = (key, *(base for base in endings(language).unprefixed(key) if len(base) > 3))
    found = 0
    for bit, patterns in vocabulary(language).classes:
        found |= bit * any(patterns.word(each) for each in keys) | (bit << _PHRASE_SHIFT) * any(map(patterns.begins_phrase, keys))
    return found


def primary(language: str) -> str:
    """The primary subtag of a BCP 47 tag."""
    return language.split("-", maxsplit=1)[0].lower()


@lru_cache(maxsize=1)
def _word_lists() -> dict[str, frozenset[str]]:
    return {language: frozenset(fold_name(word) for word in words.split()) for language, words in word_lists()["common"].items()}


@dataclass(frozen=True)
class LanguageWords:
    """What one language's lexicon says around places, folded."""

    before: tuple[tuple[str, ...], ...]
    common: frozenset[str]
    common_beginnings: tuple[str, ...]
    conjunctions: frozenset[str]
    function_words: frozenset[str]
    honorifics: frozenset[str]
    calendar: frozenset[str]
    endings: Endings


@lru_cache(maxsize=64)
def language_words(language: str) -> LanguageWords:
    """The lexicon's and the ending table's words for places of a language, folded once."""
    lexicon = load(language)
    before = {tuple(fold_name(part) for part in pattern.replace("'", " ").split()) for pattern in lexicon.places.before_place}
    common = {fold_name(word) for word in lexicon.places.not_places if "*" not in word}
    calendar = {fold_name(word) for words in (*lexicon.dates.months, *lexicon.dates.weekdays) for word in words} | _calendar_words(language)
    common |= calendar | _vocabulary(language)
    common |= _word_lists().get("all", frozenset()) | _word_lists().get(language, frozenset())
    return LanguageWords(
        before=tuple(sorted((words for words in before if words and all(words)), key=lambda words: (-len(words), words))),
        common=frozenset(common),
        common_beginnings=tuple(sorted(fold_name(word[:-1]) for word in lexicon.places.not_places if word.endswith("*") and len(word) > 4)),
        conjunctions=frozenset(fold_name(word) for word in (*lexicon.dates.and_, *lexicon.dates.or_) if word.isalpha()),
        function_words=_function_words().get(language, frozenset()),
        honorifics=frozenset(fold_name(word) for word in lexicon.people.honorifics),
        calendar=frozenset(calendar),
        endings=endings(language),
    )


@lru_cache(maxsize=1)
def _function_words() -> dict[str, frozenset[str]]:
    path = resources.files("extractors") / "data" / "function_words.toml"
    raw = tomllib.loads(path.read_text("utf-8"))
    return {language: frozenset(fold_name(word) for word in str(entry.get("words", "")).split()) for language, entry in raw.items()}


def _vocabulary(language: str) -> frozenset[str]:
    """Every single word the lexicon lists, and the language's function words: none of them is a place without support."""
    lexicon = load(language)
    words = set(_function_words().get(language, frozenset()))
    for section in (
        lexicon.cues,
        lexicon.events,
        lexicon.labels,
        lexicon.roles,
        lexicon.programmes,
        lexicon.relative,
        lexicon.organisations,
    ):
        for _key, patterns in section:
            words.update(fold_name(pattern) for pattern in patterns if pattern.isalpha())
    words.update(fold_name(pattern) for pattern in (*lexicon.places.venue_heads, *lexicon.places.street_heads) if pattern.isalpha())
    return frozenset(words)


@lru_cache(maxsize=64)
def _calendar_words(language: str) -> frozenset[str]:
    from babel import Locale, UnknownLocaleError

    try:
        locale = Locale.parse(language.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return frozenset()
    names = [name for part in (locale.months, locale.days) for width in ("wide", "abbreviated") for name in part["format"][width].values()]
    names += [name for part in (locale.months, locale.days) for name in part["stand-alone"]["wide"].values()]
    return frozenset(fold_name(name) for name in names)
