"""Names by knowledge: forms of the well-known bodies of bodies.toml, and names that a short form in brackets defines."""

from __future__ import annotations

import re
from collections.abc import Sequence

from extractors.lexicon import Cue, Words
from extractors.organisations import tables
from extractors.organisations.heads import SHOUTED
from extractors.organisations.short_forms import is_acronym
from extractors.organisations.spans import STRONG, WEAK, Span
from extractors.organisations.tagged import Tagged

_DEFINED = re.compile(
    r"\((?:[^()\n]{0,40}?[\s„“\"«:,])?(?P<short>[^\W\d_][\w&./+-]{0,14}(?: [^\W\d_][\w&./+-]{1,10})?)[“”\"»]?\s?(?:[,;/–-][^()\n]{0,60})?\)"
)
_LETTERS = 12
_EXTRA_WORDS = 6
"""Words without a letter of their own that a defined name may have."""


# -- well-known bodies ------------------------------------------------------------------------------------------


def by_table(t: Tagged, countries: Sequence[str]) -> list[Span]:
    """The forms of well-known bodies; acronyms letter by letter, of national bodies only in a language of their country."""
    found: list[Span] = []
    shouted = len(t) > SHOUTED and t.words.text.isupper()
    for key, row, cue in tables.find_bodies(t.words):
        if t.barred[cue.first] or _is_piece(t, cue):
            continue
        body = tables.bodies()[row]
        raw = t.words.text[cue.start : cue.end]
        start, end = cue.start + t.offset, cue.end + t.offset
        if key == "acronyms":
            if raw in body.acronyms and not shouted and (body.country is None or body.country in countries):
                found.append(Span(start, end, "well-known body", 0.8, body=row))
        elif key == "short":
            if raw != raw.lower() and not shouted:
                found.append(Span(start, end, "short form of a well-known body", 0.8, body=row, needs_form=True))
        elif _is_form(t, cue, body, raw):
            found.append(Span(start, end - _ending(t, cue), "well-known body", 0.85, body=row))
    return found


def _is_piece(t: Tagged, cue: Cue) -> bool:
    """True for letters glued to others or to figures."""
    behind = cue.last < len(t) and t.glued(cue.last) and (t.raws[cue.last][0].isalnum() or t.raws[cue.last] == "_")
    return behind or (cue.first > 0 and t.glued(cue.first) and t.raws[cue.first - 1][0].isalnum())


def _is_form(t: Tagged, cue: Cue, body: tables.Body, raw: str) -> bool:
    """True for a form written with a capital, or small where the language writes it so ("commission européenne")."""
    if body.acting and not any(t.role[max(cue.first - 6, 0) : cue.last + 4]):
        return False
    if cue.last - cue.first == 1:
        return t.capital[cue.first]
    return raw != raw.lower() or (t.table.small_bodies and body.type in {"eu_body", "international"})


def _ending(t: Tagged, cue: Cue) -> int:
    """Characters of a case ending behind a form whose pattern allows any: "Europa-Kommissionen-s"."""
    if not cue.pattern.endswith("*"):
        return 0
    stem, form = Words.of(cue.pattern.removesuffix("*")).forms[-1], t.forms[cue.last - 1]
    rest = form.removeprefix(stem)
    return len(rest) if rest != form and rest in t.table.endings else 0


# -- definitions ------------------------------------------------------------------------------------------------


def by_definitions(t: Tagged) -> list[Span]:
    """Names told by the short form in brackets behind them: "Foreningen for Ansvarlige Offentlige Indkøb (FAOI)"."""
    found: list[Span] = []
    for match in _DEFINED.finditer(t.words.text):
        short = match["short"].rstrip(".,;")
        letters = [letter.lower() for letter in short if letter.isalpha()]
        _, last = t.words.within(0, match.start())
        if not short[0].isupper() or not 2 <= len(letters) <= _LETTERS or last == 0:
            continue
        if t.words.text[t.words.ends[last - 1] : match.start()] not in {" ", "\u00a0"}:
            continue
        first = _defined_from(t, last, letters)
        if first is None:
            continue
        heads = [t.forms[k] for k in t.heads(first, last)]
        headed = bool(heads) or any(t.has(k, "name") for k in range(first, last))
        if headed or is_acronym(short.replace(" ", "")):
            start, end = t.span(first, last)
            found.append(Span(start, end, "short form in brackets", STRONG if headed else WEAK, acronym=short, heads=heads))
    return found


def _defined_from(t: Tagged, last: int, letters: list[str]) -> int | None:
    """The first word of the shortest name in front of word `last` whose initials, or letters in order, give a short form."""
    for first in range(last - 1, max(last - len(letters) - _EXTRA_WORDS, 0) - 1, -1):
        if (first + 1 < last and not t.near[first + 1]) or t.barred[first] or t.raws[first] in {".", ":", ";", "(", ")"}:
            return None
        opener = t.stop[first] and t.opens_sentence(first) and t.head(first) is None
        if t.capital[first] and t.forms[first][0] == letters[0] and not opener:
            words = [t.forms[k] for k in range(first, last) if t.raws[k][0].isalpha()]
            if _spell(words, letters, t.table.stops | t.table.joiners):
                return first
    return None


def _spell(words: list[str], letters: list[str], small: frozenset[str]) -> bool:
    """True when the initials of the words, small linking words optional, spell the letters; a long word may give several of its letters."""
    at = 0
    for word in words:
        if at < len(letters) and word[0] == letters[at]:
            at += 1
            inner = 1
            # Compounds give more than their first letter: "Forbrugerstyrelsen" F and S.
            while at < len(letters) and len(word) >= 4 and len(words) < len(letters):
                inner = word.find(letters[at], inner) + 1
                if inner == 0:
                    break
                at += 1
        elif word not in small and len(word) > 3:
            return False
    return at == len(letters)
