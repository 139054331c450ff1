"""Telephone numbers in a text, in E.164 where a country can be decided. Never reads ids, dates or amounts as numbers.

A number counts when it says so: a + or 00 in front, a cue word ("Tel.", "Mobil") within 25 characters before, or a place that
is known to hold one (a ``tel:`` link, a field named phone). Candidate stretches are bounded, so time grows with the text alone.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from extractors.contacts.letters import plain
from extractors.contacts.wordlists import languages_of, phone_matcher, word_set, words
from extractors.lexicon import Words, load
from schemas import Evidence, Phone

if TYPE_CHECKING:
    from phonenumbers import PhoneNumber

_CUE_REACH = 25
_RUN_MAX = 120
_DIGITS_MIN, _DIGITS_MAX = 5, 17
_MARKS = "\\s().\\-–—‑‐−/·•\u00a0\u2009\u202f\u2060\u200b"
_RUN = re.compile(rf"[+＋(\[]{{0,3}}\d[\d+＋\[\]{_MARKS}]{{3,{_RUN_MAX}}}")
_DATE = re.compile(
    r"(?<!\d)(?:\d{1,2}[./-]\s?\d{1,2}[./-]\s?(?:19|20)\d{2}|(?:19|20)\d{2}[./-]\d{1,2}[./-]\d{1,2}|\d{1,2}[:.]\d{2}\s?[-–—]\s?\d{1,2}[:.]\d{2}"
    r"|(?:[01]?\d|2[0-3]):[0-5]\d|(?:19|20)\d{2}\s?[-–/]\s?(?:19|20)\d{2})(?!\d)"
)
_CURRENCY = r"€|£|\$|(?:EUR|NOK|DKK|SEK|CHF|PLN|CZK|HUF|RON|BGN|GBP|USD|ISK)\b|kr\b|zł|Kč|Ft\b|lei\b|лв"
_MONEY_AFTER = re.compile(rf"\s{{0,2}}(?:{_CURRENCY}|%|mio\b|mill)", re.IGNORECASE)
_MONEY_BEFORE = re.compile(rf"(?:{_CURRENCY})\.?\s{{0,2}}$", re.IGNORECASE)
_EXTENSION = re.compile(r"[\s,;(/–-]{0,4}([^\W\d_]{1,12})\.?\s{0,2}[:.]?\s{0,2}(\d{1,6})(?![\d.,-]*\d)")
_JOIN = re.compile(r"[\s,;/|&()·•–+-]*(?:([^\W\d_]{1,6})[\s]*)?[\s(]*")
_DIGITS = re.compile(r"\d*")
_CUT = re.compile(r"\n|\s/\s|\s[-–—|·•]\s|\s{3,}")
_JOINED = re.compile(r"[-–/.]\d")
_RANK = {"phone": 0, "fax": 1, "mobile": 2}
_MARKS_AT_EDGE = "/-–—‑‐−·•.,;:|&[] \t\r\n\u00a0\u2009\u202f\u2060\u200b"
_LEADING, _TRAILING = _MARKS_AT_EDGE.replace("[", "") + ")", _MARKS_AT_EDGE + "(+＋"


@dataclass(frozen=True, slots=True)
class _Reading:
    number: PhoneNumber
    source: str
    valid: bool


@dataclass(frozen=True, slots=True)
class _Cue:
    tag: str
    start: int
    end: int


class _Spans:
    """Spans of the text in which no number may stand."""

    def __init__(self, spans: Iterable[tuple[int, int]]) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []
        for start, end in sorted(spans):
            if self._ends and start <= self._ends[-1]:
                self._ends[-1] = max(self._ends[-1], end)
            elif end > start:
                self._starts.append(start)
                self._ends.append(end)

    def touch(self, start: int, end: int) -> bool:
        index = bisect_right(self._starts, start) - 1
        if index >= 0 and self._ends[index] > start:
            return True
        return index + 1 < len(self._starts) and self._starts[index + 1] < end


def _cue_before(text: str, start: int, floor: int, languages: tuple[str, ...]) -> str | None:
    """What the nearest cue word within reach before `start` (and behind `floor`) says: phone, mobile or fax.

    None too where the label of another kind of number stands nearer ("Tel. ..., CVR 12 34 56 78").
    """
    begin = max(floor, start - _CUE_REACH - 24, 0)
    window = text[begin:start]
    cues = [
        _Cue(tag, at, at + len(mark))
        for tag, key in (("phone", "phone_signs"), ("mobile", "mobile_signs"), ("fax", "fax_signs"))
        for mark in words(key)
        if (at := window.rfind(mark)) >= 0
    ]
    for hit in phone_matcher(languages).find(Words.of(window)):
        if hit.first == 0 and begin > floor and text[begin - 1].isalnum():
            continue  # Half a word at the edge of the window.
        if len(plain(hit.pattern)) <= 2 and not _stands_alone(text, begin + hit.start, begin + hit.end, start):
            continue
        cues.append(_Cue(hit.tag, hit.start, hit.end))
    if not cues:
        return None
    # The nearest wins; of several at one place the one that says most.
    best = max(cues, key=lambda cue: (cue.end, _RANK[cue.tag], -cue.start))
    if len(window) - best.end > _CUE_REACH:
        return None
    between = window[best.end :]
    if between.count("\n") > 2 or "\n" in between.strip(" \t\r\n:.-–\u00a0(+[/") or _foreign_label(between):
        return None
    if best.tag == "fax":
        # "Tel./Fax": one number for both is a telephone.
        for cue in cues:
            gap = window[cue.end : best.start]
            if (
                cue.tag == "phone"
                and cue.start < best.start
                and (cue.end >= best.start or re.fullmatch(r"[\s./&+,-]{1,4}|\s[^\W\d_]{1,3}\s", gap))
            ):
                return "phone"
    return best.tag


def _foreign_label(between: str) -> bool:
    """True where the words between a cue and a figure name another kind of number (CVR, IBAN, CPV)."""
    parts = [plain(part) for part in (*re.findall(r"[^\W\d_][^\W\d_.]*", between), between)]
    return any(part in word_set("number_labels") and part not in {"no", "nr", "num"} for part in parts)


def _stands_alone(text: str, start: int, end: int, number: int) -> bool:
    """True where a one- or two-letter cue ("T", "M.") begins a line or part and the number follows at once."""
    before = text[max(0, start - 3) : start].rstrip(" \t\u00a0")
    if before and before[-1].isalnum():
        return False
    if before and before[-1] not in "\n,;|·•(/–-.]":
        return False
    return not text[end:number].strip(" \t\u00a0.:([+")


def _candidates(run: str) -> Iterator[tuple[int, int]]:
    """Pieces of a stretch of digits and marks that may each be one number.

    A + begins one; a line break, a wide gap and a mark between blanks end one, but not behind an area code ("026 - 355 01 87").
    """
    starts = [match.start() for match in re.finditer(r"[(\[]?[+＋]", run)]
    for begin, end in pairwise(sorted({0, *starts, len(run)})):
        first = begin
        for cut in _CUT.finditer(run, begin, end):
            head = run[first : cut.start()]
            if cut[0].strip() in {"-", "–", "/"} and sum(letter.isdigit() for letter in head) <= 5 and "+" not in head:
                continue
            yield first, cut.start()
            first = cut.end()
        yield first, end


def find_phones(
    text: str,
    *,
    region: str | None = None,
    region_source: str | None = None,
    languages: Sequence[str] = (),
    blocked: Sequence[tuple[int, int]] = (),
    trusted: Sequence[tuple[int, int]] = (),
    likely: Sequence[tuple[int, int]] = (),
) -> list[Phone]:
    """Every telephone number of `text`, in order.

    `region` (ISO 3166-1 alpha-2) reads numbers without a country code; `region_source` names where it comes from (default
    ``page_country``). Where it does not fit, the countries of the first of `languages` are tried. `blocked` spans (dates,
    codes, amounts, e-mails) hold no number. `trusted` spans (tel: links, phone fields) need no cue word. ``raw`` is the number
    as written; without a country ``e164`` stays None and ``region_source`` is ``none``.
    `likely` spans (a number alone on a line of a contact card) need no cue word either; without a country they are left out.
    """
    reader = _Reader(
        text=text,
        region=region.upper() if region else None,
        source=region_source or "page_country",
        languages=tuple(languages),
        cue_languages=languages_of(*languages),
        walls=_Spans([*blocked, *(match.span() for match in _DATE.finditer(text)), *_addresses(text)]),
        sure=_Spans(trusted),
        likely=_Spans(likely),
    )
    position = 0
    while (match := _RUN.search(text, position)) is not None:
        start, end = match.span()
        position = end
        lead = text[max(0, start - 2) : start]
        glued = lead[-1:].isalnum() or lead[-1:] in {*"_@#=&?%"} or (lead[-1:] == "/" and lead[0].isdigit())
        if glued and text[start] not in "+＋(":
            position = max(start + 1, _DIGITS.match(text, start).end())  # type: ignore[union-attr]
            continue  # Digits inside a word, a URL or a file name.
        if max(len(part) for part in re.findall(r"\d+", match[0])) > _DIGITS_MAX:
            continue
        if end < len(text) and text[end].isdigit():
            cut = max(match[0].rfind("\n"), match[0].rfind(" "))
            position = end = start + cut if cut > 0 else end
        for first, last in _candidates(text[start:end]):
            before = start + first
            while before < start + last and (after := reader.read(before, start + last)) is not None:
                before = after
    return reader.found


def fits_region(number: str, region: str) -> bool:
    """True where `number`, written without a country code, is valid in `region` (ISO 3166-1 alpha-2) or has its full length."""
    import phonenumbers

    read = _try(number, region.upper())
    if read is None:
        return False
    full = sum(letter.isdigit() for letter in number) >= 10
    return bool(phonenumbers.is_valid_number(read)) or (full and _fits(read, number))


@dataclass(slots=True)
class _Reader:
    """One text with all that decides about its numbers; `read` takes them one after the other."""

    text: str
    region: str | None
    source: str
    languages: tuple[str, ...]
    cue_languages: tuple[str, ...]
    walls: _Spans
    sure: _Spans
    likely: _Spans
    found: list[Phone] = field(default_factory=list)
    last_end: int = -1
    last_kind: str | None = None

    def read(self, start: int, stop: int) -> int | None:
        """Take the first number of ``text[start:stop]``; the place behind it, or None where there is none."""
        text = self.text
        while start < stop and text[start] in _LEADING:
            start += 1
        while stop > start and text[stop - 1] in _TRAILING:
            stop -= 1
        if sum(letter.isdigit() for letter in text[start:stop]) < _DIGITS_MIN or self.walls.touch(start, start + 1):
            return None
        # A date or a time behind the number: what stands before it may still be one.
        wall = next((at for at in range(start + 1, stop) if self.walls.touch(at, at + 1)), None)
        if wall is not None:
            return self.read(start, wall)
        foreign = text[start:stop].lstrip("([").startswith(("+", "＋", "00"))
        if _MONEY_AFTER.match(text, stop) or (not foreign and _MONEY_BEFORE.search(text[max(0, start - 6) : start])):
            return None
        cue = _cue_before(text, start, max(self.last_end, 0), self.cue_languages) or self._carried(start)
        told = cue is not None or self.sure.touch(start, stop) or self.likely.touch(start, stop)
        if not (foreign or told):
            return None
        for end in _ends(text, start, stop):
            count = sum(letter.isdigit() for letter in text[start:end])
            if not _DIGITS_MIN <= count <= _DIGITS_MAX or text[end : end + 1].isdigit() or _JOINED.match(text, end):
                continue
            reading = _parse(text[start:end], self.region, self.source, self.languages, lenient=told)
            if reading is None:
                continue
            extension, after = _extension(text, end, reading.number)
            piece = text[start:end]
            while piece.endswith(")") and piece.count("(") < piece.count(")"):
                piece = piece[:-1].rstrip()
            self.found.append(_phone(piece, start, reading, cue, extension))
            self.last_end, self.last_kind = max(after, end), cue
            return self.last_end
        if (
            told
            and (cue is not None or self.sure.touch(start, stop))
            and not foreign
            and _usual(text[start:stop])
            and 6 <= sum(letter.isdigit() for letter in text[start:stop]) <= 15
        ):
            while text[stop - 1] == ")" and text.count("(", start, stop) < text.count(")", start, stop):
                stop -= 1
            raw = text[start:stop]
            evidence = Evidence(quote=raw, start=start, end=stop, rule="phone")
            kind = cue if cue in {"fax", "mobile"} else "unknown"
            self.found.append(Phone(raw=raw, kind=kind, region_source="none", evidence=evidence))
            self.last_end, self.last_kind = stop, cue
            return stop
        return None

    def _carried(self, start: int) -> str | None:
        """The cue of the number before, where only a separator or an "or" stands between."""
        if self.last_end < 0 or start - self.last_end > 16:
            return None
        joint = _JOIN.fullmatch(self.text, self.last_end, start)
        if joint is None or "\n" in joint[0]:
            return None
        if joint[1].lower() not in _conjunctions(self.cue_languages) if joint[1] else not joint[0].strip(" \u00a0()+"):
            return None
        return self.last_kind or "phone"


@lru_cache(maxsize=64)
def _conjunctions(languages: tuple[str, ...]) -> frozenset[str]:
    return frozenset(word for code in languages for word in (*load(code).dates.and_, *load(code).dates.or_))


def _addresses(text: str) -> Iterator[tuple[int, int]]:
    """Spans of URLs and addresses: digits in them belong to them."""
    for match in re.finditer(r"(?:https?://|www\.)[^\s<>\"]{1,300}", text):
        yield match.span()
    for match in re.finditer(r"@[\w.-]{1,253}", text):
        start = match.start()
        floor = max(0, start - 64)
        while start > floor and (text[start - 1].isalnum() or text[start - 1] in "._+-"):
            start -= 1
        if start < match.start():
            yield start, match.end()


def _usual(piece: str) -> bool:
    """True for a stretch that is grouped as a number is: no lone decimals, no line break inside."""
    return (
        "\n" not in piece
        and not re.fullmatch(r"\d{1,3}(?:\.\d{3})+", piece)
        and not re.fullmatch(r"\d{4}\s?[-–/]\s?\d{2,4}|\d{8}-\d", piece)
    )


def _ends(text: str, start: int, stop: int) -> list[int]:
    """Where a number that begins at `start` may end, the longest first: behind each group of digits."""
    ends = [start + match.end() for match in re.finditer(r"\d+\)?", text[start:stop])]
    return ends[:-25:-1]


def _parse_local(spelt: str, region: str | None, source: str | None, languages: Sequence[str], *, lenient: bool) -> _Reading | None:
    """A number without country code: the page's country decides, then the countries of the page's language."""
    import phonenumbers

    if region and (number := _try(spelt, region.upper())) is not None:
        valid = phonenumbers.is_valid_number(number)
        if valid or (lenient and _fits(number, spelt)):
            return _Reading(number, source or "page_country", valid)
    # English is written everywhere, so it names no country.
    countries = [country for code in languages[:1] if code != "en" for country in load(code).countries if country != region]
    readings = [number for country in countries[:6] if (number := _try(spelt, country)) is not None]
    valid_ones = [number for number in readings if phonenumbers.is_valid_number(number)]
    if readings and valid_ones and (valid_ones[0] is readings[0] or len(valid_ones) == 1):
        return _Reading(valid_ones[0], "language", True)
    if lenient and not region and not valid_ones and len(countries) == 1 and readings and _fits(readings[0], spelt):
        return _Reading(readings[0], "language", False)
    return None


def _parse(piece: str, region: str | None, source: str | None, languages: Sequence[str], *, lenient: bool) -> _Reading | None:
    """`piece` as one telephone number: valid, or only possible where `lenient`."""
    import phonenumbers

    spelt = re.sub(r"[\u00a0\u2009\u202f\u2060\u200b\[\]]", " ", piece).replace("＋", "+").strip()
    bare = spelt.lstrip("( ")
    if bare.startswith("00") and not bare.startswith("000"):
        spelt = "+" + bare[2:].lstrip(" ()")
    elif bare.startswith("+"):
        spelt = bare
    if spelt.startswith("+"):
        spelt = re.sub(r"^\+\s*\(?\s*", "+", spelt)
        forms = [spelt]
        if (short := re.sub(r"\(\s*0\s*\)", " ", spelt, count=1)) != spelt:
            forms = [short, spelt]
        readings = [number for form in forms if (number := _try(form, None)) is not None]
        for number in readings:
            if phonenumbers.is_valid_number(number):
                return _Reading(number, "stated", True)
        if lenient or len(re.sub(r"\D", "", spelt)) >= 10:
            for number in readings:
                if phonenumbers.is_possible_number(number):
                    return _Reading(number, "stated", False)
        return None
    if re.fullmatch(r"(?:19|20)\d{2}\s?[-–/ ]\s?\d{1,6}", spelt) and not lenient:
        return None
    return _parse_local(spelt, region, source, languages, lenient=lenient)


def _fits(number: PhoneNumber, spelt: str) -> bool:
    """True for a number that is not in use but has the length and shape of one of its country."""
    import phonenumbers

    if phonenumbers.is_possible_number_with_reason(number) != phonenumbers.ValidationResult.IS_POSSIBLE:
        return False
    return _usual(spelt) and bool(re.search(r"[\s./()-]|\d{6,}", spelt))


def _try(spelt: str, region: str | None) -> PhoneNumber | None:
    import phonenumbers

    try:
        number: PhoneNumber = phonenumbers.parse(spelt, region)
    except phonenumbers.NumberParseException:
        return None
    return number


def _extension(text: str, end: int, number: Any) -> tuple[str | None, int]:
    """An extension behind the number ("ext. 12", "wew. 12"), and the place behind it."""
    if number.extension:
        return str(number.extension), end
    match = _EXTENSION.match(text, end)
    if match is not None and plain(match[1]) in word_set("extension_words"):
        return match[2], match.end()
    return None, end


def _phone(raw: str, start: int, reading: _Reading, cue: str | None, extension: str | None) -> Phone:
    import phonenumbers

    number = reading.number
    number.extension = None
    form = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    types = {phonenumbers.PhoneNumberType.MOBILE: "mobile", phonenumbers.PhoneNumberType.FIXED_LINE: "fixed"}
    kind = types.get(phonenumbers.number_type(number), "unknown")
    if cue == "fax" or (kind == "unknown" and cue == "mobile"):
        kind = cue
    return Phone(
        raw=raw,
        e164=form if re.fullmatch(r"\+\d{6,15}", form) else None,
        kind=kind,
        region_source=reading.source,
        extension=extension,
        evidence=Evidence(quote=raw, start=start, end=start + len(raw), rule="phone"),
    )
