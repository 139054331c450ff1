"""Typed tokens: the words of a text with every date meaning each of them may have in a language. Reads, decides nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from extractors.lexicon import Matcher, Words, function_words, load

DASHES = frozenset("-–—−‒―~")
_ZONES = (
    "cet", "cest", "eet", "eest", "wet", "west", "gmt", "utc", "bst", "ist", "mez", "mesz", "trt", "msk", "hnec",
)  # fmt: skip
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8, "ix": 9, "x": 10, "xi": 11, "xii": 12}
_KEYS = {
    "before_day": "before_day", "after_day": "after_day", "link": "link", "before_year": "before_year", "after_year": "after_year",
    "from_": "from", "to": "to", "between": "between", "and_": "and", "or_": "or", "early": "early", "mid": "mid", "late": "late",
    "week": "week", "quarter": "quarter", "half_year": "half", "every": "every", "ordinal_suffixes": "suffix",
}  # fmt: skip
_SEASONS = {"spring": 21, "summer": 22, "autumn": 23, "winter": 24}


@dataclass(frozen=True, slots=True)
class _Orthography:
    """What CLDR says of a language's way to write dates."""

    short_months: frozenset[str]
    capital_months: bool
    dot_after_year: bool
    dot_after_day: bool


def _orthography(code: str) -> _Orthography:
    from babel import Locale, UnknownLocaleError

    try:
        locale = Locale.parse(code)
    except (UnknownLocaleError, ValueError):
        locale = Locale.parse("en")
    months = locale.months
    wide = {name.lower() for context in ("format", "stand-alone") for name in months[context]["wide"].values()}
    short = {name.lower().rstrip(".") for context in ("format", "stand-alone") for name in months[context]["abbreviated"].values()}
    capital = all(name[:1].isupper() for name in months["format"]["wide"].values())
    pattern = str(locale.date_formats["long"].pattern)
    return _Orthography(frozenset(short - wide), capital, bool(re.search(r"y+\.", pattern)), bool(re.search(r"d\.", pattern)))


def _cldr_names(code: str) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Month and weekday names of CLDR, by number as tag suffix."""
    from babel import Locale, UnknownLocaleError

    months: dict[str, list[str]] = {}
    days: dict[str, list[str]] = {}
    locales = [code, "sr_Latn"] if code == "sr" else [code]
    for name in locales:
        try:
            locale = Locale.parse(name)
        except (UnknownLocaleError, ValueError):
            continue
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, word in locale.months[context][width].items():
                    if any(letter.isalpha() for letter in word):
                        months.setdefault(f"month.{number}", []).extend({word, word.rstrip(".")})
                for number, word in locale.days[context][width].items():
                    if any(letter.isalpha() for letter in word):
                        days.setdefault(f"weekday.{number}", []).extend({word, word.rstrip(".")})
    return months, days


def _plain(patterns: dict[str, list[str]]) -> dict[str, list[str]]:
    """Drop names that are a figure only or one letter: they mean nothing alone."""
    return {tag: sorted({word for word in words if len(word.strip(".")) > 1}) for tag, words in patterns.items()}


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The date words of a language (and the English months and weekdays) as one matcher."""

    code: str
    date_order: str
    matcher: Matcher
    short_months: frozenset[str]
    capital_months: bool
    dot_after_year: bool
    dot_after_day: bool
    zones: dict[str, str]
    strong_at: frozenset[str]
    until_endings: bool


@lru_cache(maxsize=64)
def vocabulary(language: str) -> Vocabulary:
    """The date words of `language`, read from CLDR and the lexicon once."""
    lexicon = load(language)
    tags: dict[str, list[str]] = {}
    for code in dict.fromkeys([lexicon.code if lexicon.code != "und" else "en", "en"]):
        months, days = _cldr_names(code)
        words = load(code).dates
        for number, forms in enumerate(words.months, 1):
            months.setdefault(f"month.{number}", []).extend(forms)
        for number, forms in enumerate(words.weekdays):
            days.setdefault(f"weekday.{number}", []).extend(forms)
        # An abbreviation that is also a function word ("pro" for prosinec) counts only with its dot.
        doubtful = function_words(lexicon.code) & _orthography(code).short_months
        for forms in months.values():
            forms[:] = [form for form in forms if form.lower() not in doubtful]
        taken = {form.lower() for forms in (*tags.values(),) for form in forms}
        for tag, forms in _plain({**months, **days}).items():
            # English names stand beside the language's own, except where the language gives the word another meaning.
            tags.setdefault(tag, []).extend(form for form in forms if code == lexicon.code or form.lower() not in taken)
    for key, tag in _KEYS.items():
        tags[tag] = list(getattr(lexicon.dates, key))
    for season, words_ in lexicon.dates.seasons.items():
        tags[f"season.{_SEASONS[season]}"] = words_
    for name, day in lexicon.dates.day_names.items():
        tags.setdefault(f"dayname.{day}", []).append(name)
    for name, number in lexicon.dates.order.items():
        tags.setdefault(f"order.{number}", []).append(name)
    for key in ("at", "hour", "am", "pm", "noon"):
        tags[f"t_{key}"] = list(getattr(lexicon.times, key))
    tags["t_label"] = [*lexicon.labels.time, *lexicon.labels.start]
    tags["street"] = list(lexicon.places.street_heads)
    for key in ("today", "tomorrow", "yesterday", "day_after_tomorrow", "in_", "day", "week"):
        tags[f"r_{key.rstrip('_')}"] = list(getattr(lexicon.relative, key))
    tags["into"] = [*lexicon.places.before_place, *lexicon.relative.in_]
    tags["t_hour"] += [word for word in ("h", "hrs") if word not in tags["t_hour"]]
    if lexicon.code != "en":
        tags["t_am"] += ["a.m.", "am"]
        tags["t_pm"] += ["p.m.", "pm"]
    zones = {name: name.upper() for name in _ZONES} | {key.lower(): value for key, value in lexicon.times.zones.items()}
    tags["t_zone"] = list(zones)
    weak = {word.lower() for key in ("from_", "to", "between", "link", "before_day") for word in getattr(lexicon.dates, key)}
    strong = frozenset(word for word in lexicon.times.at if word.lower() not in weak and (len(word.strip(".:")) > 2 or word.endswith(".")))
    written = _orthography(lexicon.code)
    return Vocabulary(
        lexicon.code,
        lexicon.date_order,
        Matcher(tags),
        written.short_months,
        written.capital_months,
        written.dot_after_year,
        written.dot_after_day,
        zones,
        strong,
        any(pattern.startswith(("-", "'")) for pattern in lexicon.dates.to),
    )


@lru_cache(maxsize=128)
def numeric_order(language: str, country: str) -> str:
    """DMY, MDY or YMD as CLDR writes short dates in a language and country; the lexicon's own where CLDR has no such pair."""
    from babel import Locale, UnknownLocaleError

    try:
        pattern = str(Locale.parse(f"{language.split('-', maxsplit=1)[0]}_{country.upper()}").date_formats["short"].pattern).lower()
    except (UnknownLocaleError, ValueError):
        return load(language).date_order
    order = "".join(dict.fromkeys(letter for letter in pattern if letter in "dmy")).upper()
    return order if order in {"DMY", "MDY", "YMD"} else load(language).date_order


@dataclass(slots=True)
class Tokens:
    """A text's words with their date tags: ``tags[i]`` maps a tag to the word index behind its match."""

    words: Words
    tags: list[dict[str, int]]
    patterns: list[dict[str, str]]

    @classmethod
    def of(cls, text: str, vocabulary_: Vocabulary) -> Tokens:
        """Cut and tag `text`."""
        words = Words.of(text)
        tags: list[dict[str, int]] = [{} for _ in words.forms]
        patterns: list[dict[str, str]] = [{} for _ in words.forms]
        for cue in vocabulary_.matcher.find(words):
            if cue.last - cue.first == 1 and words.forms[cue.first].isdigit():
                continue
            tags[cue.first][cue.tag] = cue.last
            patterns[cue.first][cue.tag] = cue.pattern
        return cls(words, tags, patterns)

    def __len__(self) -> int:
        return len(self.words.forms)

    def form(self, index: int) -> str:
        """The folded word at `index`, or an empty string past the end."""
        return self.words.forms[index] if 0 <= index < len(self.words.forms) else ""

    def number(self, index: int) -> int | None:
        """The value of a plain figure of one to four ASCII digits at `index`."""
        form = self.form(index)
        return int(form) if form.isdigit() and form.isascii() and len(form) <= 4 else None

    def glued(self, index: int) -> bool:
        """True when the word at `index` touches the one before it."""
        return 0 < index < len(self.words.forms) and self.words.starts[index] == self.words.ends[index - 1]

    def gap(self, index: int) -> str:
        """The white space in front of the word at `index`."""
        if not 0 < index < len(self.words.forms):
            return ""
        return self.words.text[self.words.ends[index - 1] : self.words.starts[index]]

    def has(self, index: int, tag: str) -> int:
        """The index behind `tag`'s match at `index`, or 0."""
        return self.tags[index].get(tag, 0) if 0 <= index < len(self.tags) else 0

    def numbered(self, index: int, prefix: str) -> tuple[int, int] | None:
        """(number, index behind) of the longest tag ``prefix.N`` at `index`."""
        if not 0 <= index < len(self.tags):
            return None
        best: tuple[int, int] | None = None
        for tag, last in self.tags[index].items():
            if tag.startswith(prefix) and (best is None or last > best[1]):
                best = (int(tag[len(prefix) :]), last)
        return best

    def roman(self, index: int) -> int | None:
        """A month written in Roman capitals at `index`."""
        form = self.form(index)
        if form not in _ROMAN or not self.words.text[self.words.starts[index] : self.words.ends[index]].isupper():
            return None
        return _ROMAN[form]
