"""Codes in a text: CPV, NUTS, notice and reference numbers, grants, amounts of money, programmes and projects.

Every value is read from words that stand there; nothing is looked up, completed or converted into another currency.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from itertools import pairwise
from typing import Any

from extractors.lexicon import Matcher, Words, fold, load
from schemas import Code, Evidence

_SPACE = "[ \u00a0\u202f\u2009]"
_CPV = re.compile(r"(?<![\w.,-])(\d{8})(?:\s?[-–]\s?(\d))?(?![\w]|[.,]\d)")
_CPV_CUE = re.compile(r"\bCPV\b|\bДК\s?021", re.IGNORECASE)
_NUTS_CUE = re.compile(r"\bNUTS(?:[ -]?[0-3])?\b")
_NUTS = re.compile(r"(?<![\w-])([A-Z]{2}[0-9A-Z]{1,3})(?![\w-])")
_OJ = re.compile(r"(?<!\d)(?:19|20)\d{2}/S\s?\d{1,3}-\d{5,8}(?!\d)")
_NOTICE = re.compile(r"(?<![\w/.-])(\d{5,8}-(?:19|20)\d{2})(?![\w-])")
_NOTICE_CUE = re.compile(r"\b(?:TED|OJ|OJEU|OJS|ABl|JO|DO|GU|EUT|Dz\.?U|NOTICE)\b|ted\.europa\.eu", re.IGNORECASE)
_NUMBER_SIGN = r"[ \t\u00a0]{0,3}\(?(?:(?:no|nr|n°|nº|№|num|number|numero|numéro|número|číslo|č|št|br|αριθ|id)[.:]{0,2}|#)?[ \t\u00a0]{0,3}"
_REFERENCE = re.compile(
    _NUMBER_SIGN + r"[:=–-]?\s{0,3}((?:[A-Z]{1,6}\d{0,3} (?=[\w./-]{0,39}\d))?(?=[\w./ -]{0,39}\d)[^\W_][\w./-]{2,39})", re.IGNORECASE
)
_DATE_LIKE = re.compile(r"\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{4}[./-]\d{1,2}[./-]\d{1,2}|\d{1,2}[.:]\d{2}")
_GRANT = re.compile(_NUMBER_SIGN + r"[:(]?[ \t\u00a0]{0,2}((?=[\w./-]{0,39}\d{4})[A-Z0-9][\w./-]{4,39})", re.IGNORECASE)
_NUMBER = re.compile(
    rf"(?<![\w.,/-])(?:\d{{1,3}}(?:(?:{_SPACE}|['’])\d{{3}})+(?:[.,]\d{{1,2}})?|\d{{1,3}}(?:\.\d{{3}}){{1,5}}(?:,\d{{1,2}})?|\d{{1,3}}(?:,\d{{3}}){{1,5}}(?:\.\d{{1,2}})?|\d{{1,15}}(?:[.,]\d{{1,4}})?)(?![.,]?\d)"
)
_AFTER = re.compile(
    rf"{_SPACE}{{0,2}}([^\W\d_]+\.?|[€£$₺₴])(?:{_SPACE}{{0,2}}(?:d['’]|de{_SPACE}|di{_SPACE}|of{_SPACE}|av{_SPACE})?([^\W\d_]+|[€£$₺₴]))?"
)
_RANGE = re.compile(rf"{_SPACE}?[-–—]{_SPACE}?(\d{{1,15}}(?:[.,]\d{{1,4}})?)(?!\d)")
_BEFORE = re.compile(rf"([^\W\d_]+\.?|[€£$₺₴]){_SPACE}{{0,2}}$")
_NAME_BEHIND = re.compile(r"[ \u00a0]{1,2}(?:[\"'“”„‚«»‘’]{0,2})([^\W_][\w&+.-]{1,40})")
_NAME_AHEAD = re.compile(r"([^\W_][\w&+.-]{0,40})(?:[\"'“”»«’]{0,2})(?:[ \u00a0]{1,2}|-)$")
_CAPITALS_BEFORE = re.compile(r"(?<![\w-])([^\W\d_a-z](?:[^\W_a-z]|-){1,19}) $")
_CAPITALS_BEHIND = re.compile(r" ([^\W\d_a-z][^\W_a-z]{1,19})(?![\w-])")
_STRAND = re.compile(
    r"[ \u00a0]((?:[^\W\d_]+-)?[^\W\d_a-z][^\W\d_]+[ \u00a0]?[–-][ \u00a0]?[^\W\d_a-z][^\W\d_]+(?:[–-][^\W\d_a-z][^\W\d_]+)?)(?![\w])"
)
_QUOTED = re.compile(r"[ \u00a0]{0,2}[\"“„«‚‘»]([^\W\d_][^\"“”„«»\n]{2,60}?)[\"“”»«’]")
_YEARS = re.compile(r"[ \u00a0]{0,2}\(?(?:19|20)\d{2}|\d{2}\b|[ \u00a0]?\+")


class _Data:
    """The tables of codes.toml and programmes.toml, ready for matching."""

    def __init__(self) -> None:
        folder = resources.files("extractors") / "data"
        codes: dict[str, Any] = tomllib.loads((folder / "codes.toml").read_text("utf-8"))
        rows: list[dict[str, Any]] = tomllib.loads((folder / "programmes.toml").read_text("utf-8"))["programme"]
        self.divisions = frozenset(codes["cpv_divisions"])
        self.unchecked = tuple(codes["cpv_unchecked"])
        self.nuts = frozenset(codes["nuts_countries"])
        self.not_names = frozenset(codes["not_names"])
        self.grants = Matcher({"grant": codes["grant_cues"]})
        self.currencies: dict[str, str] = {key: value for key, value in codes["currencies"].items() if not key.endswith("*")}
        self.currency_stems: dict[str, str] = {key[:-1]: value for key, value in codes["currencies"].items() if key.endswith("*")}
        self.crowns: dict[str, str] = codes["crowns"]
        self.crown_words = frozenset(codes["crown_words"]["words"])
        self.multipliers: dict[str, float] = codes["multipliers"]
        self.multipliers_by_language: dict[str, dict[str, float]] = codes["multipliers_by_language"]
        self.names: list[str] = [row["name"] for row in rows]
        self.written = frozenset(index for index, row in enumerate(rows) if row.get("written"))
        patterns: dict[str, list[str]] = {}
        self.exact: dict[str, frozenset[str]] = {}
        self.context: set[str] = set()
        for index, row in enumerate(rows):
            if row.get("forms"):
                # A compound joins the words of a name with hyphens: "Horizont-Europa-Programm".
                hyphenated = [form.replace(" ", "-") for form in row["forms"] if " " in form and form.count(" ") <= 3]
                patterns[f"form {index}"] = [*row["forms"], *hyphenated]
            if row.get("acronyms"):
                tag = f"acronym {index}"
                patterns[tag] = [*row["acronyms"], *([acronym + "*" for acronym in row["acronyms"]] if row.get("suffix") else [])]
                self.exact[tag] = frozenset(row["acronyms"])
                if row.get("context"):
                    self.context.add(tag)
        self.programmes = Matcher(patterns)


@lru_cache(maxsize=1)
def _data() -> _Data:
    return _Data()


@lru_cache(maxsize=64)
def _words_of(language: str) -> Matcher:
    """Words for programme, project and reference of a language, with the English ones."""
    tagged: dict[str, list[str]] = {"programme": [], "project": [], "reference": []}
    for code in dict.fromkeys((language, "en")):
        lexicon = load(code)
        tagged["programme"].extend(lexicon.programmes.programme)
        tagged["project"].extend(lexicon.programmes.project)
        tagged["reference"].extend(
            pattern
            for pattern in lexicon.labels.reference
            if "cpv" not in pattern and "nuts" not in pattern and sum(letter.isalpha() for letter in pattern) > 2
        )
    return Matcher(tagged)


@dataclass(frozen=True, slots=True)
class _Found:
    kind: str
    value: str
    start: int
    end: int
    rule: str
    currency: str | None = None
    number: float | None = None


def find_codes(text: str, *, language: str, every: bool = False) -> list[Code]:
    """The codes of `text` (BCP 47 `language`), in order; each value once, unless `every` mention is asked for.

    Kinds: ``cpv``, ``nuts``, ``notice``, ``reference``, ``grant``, ``amount`` (with `currency` and `number` in its units),
    ``programme`` (value: the short name of the table, or the name as written), ``project`` (the name as written).
    """
    words = Words.of(text)
    found = [
        *_cpv(text),
        *_nuts(text),
        *_notices(text),
        *_grants(text, words),
        *_amounts(text, language),
        *_programmes(text, words, language),
        *_references(text, words, language),
    ]
    found.sort(key=lambda item: (item.start, -item.end))
    kept: list[_Found] = []
    for item in found:
        # A longer reading wins over one inside it ("Interreg Europe" over "Interreg").
        if kept and item.start < kept[-1].end:
            ends_of_range = item.kind == kept[-1].kind == "amount" and (item.start, item.end) == (kept[-1].start, kept[-1].end)
            if not ends_of_range:
                continue
        kept.append(item)
    seen: set[tuple[str, str]] = set()
    codes: list[Code] = []
    for item in kept:
        key = (item.kind, item.value)
        if key in seen and not every:
            continue
        seen.add(key)
        evidence = Evidence(quote=text[item.start : item.end], start=item.start, end=item.end, rule=item.rule)
        codes.append(Code(kind=item.kind, value=item.value, currency=item.currency, number=item.number, evidence=evidence))
    return codes


def cpv_check_digit(code: str) -> int:
    """The check digit of the first eight digits of a CPV code: their sum with the weights 3, 7, 1, ... , modulo 10."""
    return sum(int(digit) * weight for digit, weight in zip(code[:8], (3, 7, 1, 3, 7, 1, 3, 7), strict=False)) % 10


def _cpv(text: str) -> Iterator[_Found]:
    data = _data()
    cues = [match.end() for match in _CPV_CUE.finditer(text)]
    last = -1
    for match in _CPV.finditer(text):
        code, check = match[1], match[2]
        if code[:2] not in data.divisions:
            continue
        before = bisect_right(cues, match.start()) - 1
        cued = (before >= 0 and match.start() - cues[before] <= 60) or (last >= 0 and match.start() - last <= 80)
        if check is None:
            if not cued:
                continue
        elif int(check) != cpv_check_digit(code) and not code.startswith(data.unchecked) and not cued:
            continue
        if cued:
            last = match.end()
        yield _Found("cpv", code if check is None else f"{code}-{check}", match.start(), match.end(), "cpv_checked" if check else "cpv")


def _nuts(text: str) -> Iterator[_Found]:
    data = _data()
    for cue in _NUTS_CUE.finditer(text):
        stop = text.find("\n\n", cue.end(), cue.end() + 120)
        position, reach = cue.end(), min(cue.end() + 40, len(text) if stop < 0 else stop)
        while (match := _NUTS.search(text, position, reach)) is not None:
            if match[1][:2] in data.nuts and not (match[1].isalpha() and len(match[1]) > 3):
                yield _Found("nuts", match[1], match.start(1), match.end(1), "nuts_cue")
                reach = min(match.end() + 40, len(text))
            position = match.end()


def _notices(text: str) -> Iterator[_Found]:
    for match in _OJ.finditer(text):
        yield _Found("notice", re.sub(r"\s", " ", match[0]), match.start(), match.end(), "oj_number")
    cues = [match.end() for match in _NOTICE_CUE.finditer(text)]
    for match in _NOTICE.finditer(text):
        before = bisect_right(cues, match.start()) - 1
        if before >= 0 and match.start() - cues[before] <= 60:
            yield _Found("notice", match[1], match.start(1), match.end(1), "notice_number")


def _grants(text: str, words: Words) -> Iterator[_Found]:
    for cue in _data().grants.find(words):
        match = _GRANT.match(text, cue.end)
        if match is not None and not _DATE_LIKE.fullmatch(match[1]):
            value = match[1].rstrip("./-")
            yield _Found("grant", value, match.start(1), match.start(1) + len(value), "grant_cue")


def _references(text: str, words: Words, language: str) -> Iterator[_Found]:
    for cue in _words_of(language).find(words):
        if cue.tag != "reference":
            continue
        match = _REFERENCE.match(text, cue.end)
        if match is None:
            continue
        value = match[1].rstrip("./-")
        if " " in value and not value.split(" ")[0].isupper():
            continue
        between = text[cue.end : match.start(1)]
        marked = any(mark in between for mark in ":#=°º№\n") or bool(re.search(r"[^\W\d_]", between))
        if not marked and not re.search(r"[/-]|\d{4}", value):
            continue
        if len(value) < 3 or _DATE_LIKE.fullmatch(value) or value[:1].islower() or re.fullmatch(r"(?:19|20)\d{2}", value):
            continue
        kind = "notice" if _NOTICE.fullmatch(value) else "reference"
        yield _Found(kind, value, match.start(1), match.start(1) + len(value), "reference_label")


# --- money -------------------------------------------------------------------------------------------------------------


def _amounts(text: str, language: str) -> Iterator[_Found]:
    base = language.lower().split("-")[0]
    end_of_last = -1
    for match in _NUMBER.finditer(text):
        if match.start() < end_of_last:
            continue
        start, end = match.span()
        left = _BEFORE.search(text[max(0, start - 24) : start])
        # "... one euro. 26 people": only an abbreviated crown keeps its full stop in front of a number.
        stopped = left is not None and left[1].endswith(".") and fold(left[1][:-1]) not in _data().crown_words
        before = _currency(left[1], base) if left and not stopped else None
        if before and left and text[max(0, start - 24) : start][: left.start()][-1:].isalpha():
            before = None
        digits = [match[0]]
        span = _RANGE.match(text, end)
        if span is not None:
            digits.append(span[1])
        currency, factor, stop = _money_behind(text, span.end() if span else end, base, before)
        if currency is None and span is not None:
            digits, span = digits[:1], None
            currency, factor, stop = _money_behind(text, end, base, before)
        if currency is None:
            continue
        if before is None and re.match(rf"{_SPACE}{{0,2}}\d", text[stop : stop + 3]) and len(match[0]) == 4 and factor == 1:
            continue  # "in 2024 EUR 5 million": the currency belongs to what follows.
        first = start
        if before is not None and left is not None:
            first = max(0, start - 24) + left.start(1)
        for written in digits:
            number = _value(written, factor)
            if number is None or number > 1e15:
                continue
            shown = f"{number:.0f}" if number == int(number) else f"{number:.2f}"
            yield _Found("amount", f"{shown} {currency}", first, stop, "amount", currency, number)
        end_of_last = stop


def _money_behind(text: str, end: int, language: str, before: str | None) -> tuple[str | None, float, int]:
    """What follows a number: its currency (or the one that stood before), its power of ten, and where the amount ends."""
    match = _AFTER.match(text, end)
    if match is None:
        return before, 1, end
    first = match[1]
    power = _power(first, language, money=before is not None)
    if power is not None:
        second = match[2]
        currency = _currency(second, language) if second else None
        if currency is not None and before is None:
            return currency, power, match.end(2)
        if before is not None:
            return before, power, match.end(1)
        return None, 1, end
    joined = _joined(first, language)
    if joined is not None and before is None:
        return joined[0], joined[1], match.end(1)
    if before is not None:
        return before, 1, end
    currency = _currency(first, language)
    if currency is None:
        return None, 1, end
    stop = match.end(1)
    if first.endswith(".") and fold(first[:-1]) not in {*_data().crown_words, "лв"}:
        stop -= 1
    # "5 EUR million" and "5 € Mio.".
    if match[2] is not None and (power := _power(match[2], language, money=False)) is not None and len(match[2]) > 1:
        return currency, power, match.end(2)
    return currency, 1, stop


def _currency(word: str | None, language: str) -> str | None:
    """ISO 4217 of a sign or word of money, or None. Words of three letters count in capitals, or as the language writes them."""
    if not word:
        return None
    data = _data()
    bare = word.rstrip(".")
    low = fold(bare)
    if low in data.crown_words:
        return data.crowns.get(language) if low != "kroner" or language in data.crowns else "NOK"
    known = data.currencies.get(low)
    if known is not None:
        if known.lower() == low and not bare.isupper() and low not in {"eur"}:
            return None  # "try", "all", "ron" are words.
        if low == "ft" and bare != "Ft" and language != "hu":
            return None  # Feet.
        return known
    if low.startswith(("europ", "evrop")):
        return None
    return next((code for stem, code in data.currency_stems.items() if low.startswith(stem) and len(low) - len(stem) <= 4), None)


def _power(word: str | None, language: str, *, money: bool) -> float | None:
    if not word:
        return None
    data = _data()
    bare = fold(word.rstrip("."))
    if len(bare) == 1 and not (money or word in {"m", "M", "k"}):
        return None
    special = data.multipliers_by_language.get(language, {}).get(bare)
    return special if special is not None else data.multipliers.get(bare)


def _joined(word: str, language: str) -> tuple[str, float] | None:
    """ "MEUR", "Mkr", "TEUR", "tkr": a power of ten and a currency in one word."""
    bare = word.rstrip(".")
    head, tail = bare[:1], bare[1:]
    factor = {"M": 1e6, "m": 1e6, "T": 1e3, "t": 1e3, "K": 1e3, "k": 1e3}.get(head)
    if factor is None or not tail or bare.lower() in _data().currencies or fold(bare) in _data().crown_words:
        return None
    if tail.lower() == "kr" or (tail.isupper() and len(tail) == 3):
        currency = _currency(tail, language)
        return (currency, factor) if currency else None
    return None


def _value(written: str, factor: float) -> float | None:
    """A number as people write it. One separator before three digits groups thousands, unless a power of ten follows."""
    bare = re.sub(r"[\s\u00a0\u202f\u2009'’]", "", written)
    points, commas = bare.count("."), bare.count(",")
    if points and commas:
        mark = max(bare.rfind("."), bare.rfind(","))
        whole, part = re.sub(r"[.,]", "", bare[:mark]), bare[mark + 1 :]
    elif points + commas == 1:
        whole, part = re.split(r"[.,]", bare)
        if len(part) == 3 and factor == 1 and whole not in {"", "0"}:
            whole, part = whole + part, ""
    else:
        whole, part = re.sub(r"[.,]", "", bare), ""
    try:
        value = float(f"{whole or '0'}.{part or '0'}")
    except ValueError:
        return None
    return round(value * factor, 2)


# --- programmes and projects -------------------------------------------------------------------------------------------


def _programmes(text: str, words: Words, language: str) -> Iterator[_Found]:
    data = _data()
    cues = [cue for cue in _words_of(language).find(words) if cue.tag != "reference"]
    near = sorted({index for cue in cues for index in range(cue.first, cue.last)})
    table: list[tuple[int, int, int]] = []
    for hit in data.programmes.find(words):
        kind, _, number = hit.tag.partition(" ")
        written = text[hit.start : hit.end]
        if kind == "form":
            if not written[0].isupper() and not written[0].isdigit():
                continue
        else:
            stem = next((name for name in sorted(data.exact[hit.tag], key=len, reverse=True) if written.startswith(name)), None)
            if stem is None or (
                written != stem
                and not (written[len(stem) :].isalpha() and written[len(stem) :].islower() and len(written) - len(stem) <= 3)
            ):
                continue
            if hit.tag in data.context and not _in_context(text, words, hit.first, hit.last, near):
                continue
        table.append((hit.start, hit.end, int(number)))
    best: list[tuple[int, int, int]] = []
    for item in sorted(table, key=lambda each: (each[0], -each[1])):
        if not best or item[0] >= best[-1][1]:
            best.append(item)
    taken: list[tuple[int, int]] = []
    for start, end, row in best:
        value = text[start:end] if row in data.written else data.names[row]
        strand = _STRAND.match(text, end) if data.names[row] == "Interreg" and text[start:end].lower() == "interreg" else None
        if strand is not None:
            # A border programme that the table lacks: "Interreg Slovenija–Avstrija".
            end, value = strand.end(), text[start : strand.end()]  # noqa: PLW2901
        taken.append((start, end))
        yield _Found("programme", value, start, end, "programme_table")
    yield from _named(text, cues, taken)


def _in_context(text: str, words: Words, first: int, last: int, cues: list[int]) -> bool:
    """True where a programme word, "EU" or years stand right beside an acronym that may be another word."""
    at = bisect_right(cues, first - 3)
    while at < len(cues) and cues[at] < last + 2:
        between = (
            text[words.ends[cues[at]] : words.starts[first]] if cues[at] < first else text[words.ends[last - 1] : words.starts[cues[at]]]
        )
        if re.fullmatch(r"[\s\u00a0\"'“”„«»(-]{0,3}|\s?[^\W\d_]{1,3}\s", between):
            return True
        at += 1
    if (
        first
        and words.forms[first - 1] in {"eu", "eus", "ue", "unii", "eu's"}
        and text[words.ends[first - 1] : words.starts[first]].strip("-:’' ") == ""
    ):
        return True
    return _YEARS.match(text, words.ends[last - 1]) is not None


def _named(text: str, cues: Iterable[Any], taken: list[tuple[int, int]]) -> Iterator[_Found]:
    """Names beside a word for project or programme: "BRINC-projektet", "the BRINC project", "le projet PROCUREX"."""
    starts = [start for start, _ in taken]

    def free(start: int, end: int) -> bool:
        index = bisect_right(starts, start) - 1
        return not (index >= 0 and taken[index][1] > start) and not (index + 1 < len(taken) and taken[index + 1][0] < end)

    for cue in cues:
        rule = f"{cue.tag}_word"
        ahead = _NAME_AHEAD.search(text[max(0, cue.start - 48) : cue.start])
        if ahead is not None:
            start = max(0, cue.start - 48) + ahead.start(1)
            start, name = _leftwards(text, start, ahead[1].rstrip("-&"))
            shouted = text[cue.start : cue.end].isupper() and name.isupper()
            coined = _is_name(name) or (text[cue.start - 1] == "-" and _is_compound_name(text, start, name, cue.start))
            if coined and not shouted and not (start and text[start - 1].isalnum()) and free(start, start + len(name)):
                yield _Found(cue.tag, name, start, start + len(name), rule)
                continue
        quoted = _QUOTED.match(text, cue.end)
        if quoted is not None and quoted[1][0].isupper() and len(quoted[1].split()) <= 8:
            value = quoted[1].strip()
            start = quoted.start(1)
            if free(start, start + len(value)):
                yield _Found(cue.tag, value, start, start + len(value), rule)
            continue
        behind = _NAME_BEHIND.match(text, cue.end)
        if behind is not None:
            name = _rightwards(text, behind.start(1), behind[1].rstrip(".-&"))
            shouted = text[cue.start : cue.end].isupper() and name.isupper()
            if _is_name(name) and not shouted and free(behind.start(1), behind.start(1) + len(name)):
                yield _Found(cue.tag, name, behind.start(1), behind.start(1) + len(name), rule)


def _leftwards(text: str, start: int, name: str) -> tuple[int, str]:
    """A name in capitals with the words in capitals before it ("GREEN-BUY MED")."""
    end = start + len(name)
    while (
        name.isupper() and (match := _CAPITALS_BEFORE.search(text, max(0, start - 24), start)) and fold(match[1]) not in _data().not_names
    ):
        start = match.start(1)
        name = text[start:end]
    return start, name


def _rightwards(text: str, start: int, name: str) -> str:
    """A name in capitals with the words in capitals behind it."""
    while name.isupper() and (match := _CAPITALS_BEHIND.match(text, start + len(name))) and fold(match[1]) not in _data().not_names:
        name = text[start : match.end(1)]
    return name


def _is_name(word: str) -> bool:
    """True for a coined name: capitals all through, capitals inside, or capitals with figures; never a known abbreviation."""
    letters = [letter for letter in word if letter.isalpha()]
    low = fold(word)
    if len(letters) < 3 or low in _data().not_names or re.split(r"[-–]", low)[0] in _data().not_names or re.search(r"\.(?!\d)", word):
        return False
    capitals = sum(letter.isupper() for letter in letters)
    if capitals == len(letters):
        return True
    if any(letter.isdigit() for letter in word):
        return capitals >= 1
    for part in re.split(r"[-–&+]", word):
        if any(letter.isupper() and before.islower() for before, letter in pairwise(part)):
            return True
        head = re.match(r"[^\W\d_a-zß-öø-ÿ]{3,}", part)
        if head is not None and head[0].isupper() and len(part) - head.end() <= 2:
            return True  # An ending of the language: "BRINCs".
    return False


def _is_compound_name(text: str, start: int, name: str, cue: int) -> bool:
    """True where a name is joined to a word written small ("Procura-projektet") inside a sentence."""
    before = text[max(0, start - 2) : start].strip()
    inside = bool(before) and before[-1] not in ".!?:•-–" and "\n" not in text[max(0, start - 2) : start]
    return inside and name.isalpha() and len(name) >= 4 and name[0].isupper() and name[1:].islower() and text[cue].islower()
