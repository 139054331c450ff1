"""Names by head words: "Danish Business Authority", "Ministerstvo pro místní rozvoj", "Göteborgs stad", "Miljøstyrelsen".

A head alone names no body: a proper word, a subject or a linking word must complete it, or the word must be a name by itself.
"""

from __future__ import annotations

from collections.abc import Sequence

from extractors.events.context import Sentence
from extractors.organisations import names, tables
from extractors.organisations.spans import STRONG, WEAK, Span
from extractors.organisations.tagged import APOSTROPHES, Tagged

SHOUTED = 3
"""Words up to which a line in capitals can be a name."""
_TOWN, _LONG_WEAK, _UNIT, _VENUE = 0.65, 0.55, 0.39, 0.3
"""Strengths of a town with its name, of a long name with a weak head, of a part of a body, of what is a building."""


def by_heads(t: Tagged, sentences: Sequence[Sentence]) -> list[Span]:
    """The names with a head word in a block."""
    found: list[Span] = []
    if len(t) > SHOUTED and t.words.text.isupper():
        # In capitals throughout, nothing tells a name.
        return found
    index = 0
    while index < len(t):
        head = t.head(index)
        span = (_of_head(t, index, *head, sentences) if head else None) or _single(t, index)
        if span is not None:
            found.append(span)
        index = max(head[1], index + 1) if head else index + 1
    return found


def _of_head(t: Tagged, index: int, tag: str, head_end: int, sentences: Sequence[Sentence]) -> Span | None:
    """The name around the head ``[index, head_end)``, or None."""
    if t.barred[index] or _labels(t, index, head_end):
        return None
    first, last = names.grow(t, index, head_end)
    if not t.capital[index] and not _small_head_opens(t, first, index, head_end, last):
        return None
    first, last = names.strip(t, first, last)
    if first > index or last < head_end or (first == index and t.tags[index].get("generic", 0) >= last):
        return None
    beyond = [k for k in range(first, last) if not index <= k < head_end and _proper(t, k)]
    beyond.extend(_names_in_head(t, index, head_end, tag))
    named = bool(beyond) and (not t.table.noun_capitals or _named_among_nouns(t, first, index, head_end, last, tag))
    named = named or _told_by_subject(t, first, index, head_end, last, tag)
    if tag == "head" and t.capital[index] and not t.table.noun_capitals and not t.raws[index].isupper():
        stop = t.within(0, _sentence_end(t, index, sentences))[1]
        further = names.in_small_letters(t, index, last, stop)
        if further is not None:
            last, named = names.strip(t, first, further)[1], True
    if not named:
        return None
    start, end = t.span(first, last)
    heads = [t.forms[k] for k in t.heads(first, last)]
    strength = _strength(t, first, index, head_end, last, len(beyond))
    return Span(start, end - names.cut_ending(t, last), "head word", strength, heads=heads)


def _labels(t: Tagged, index: int, stop: int) -> bool:
    """True for a head that only says what follows: "Kontaktstelle: ...", or is a word for a role: "Organização da ..."."""
    opens = t.opens_sentence(index)
    return opens and ((stop < len(t) and t.raws[stop] == ":") or (t.role[index] and not t.has(index, "lower")))


def _small_head_opens(t: Tagged, first: int, index: int, head_end: int, last: int) -> bool:
    """True for a head in small letters that a capital in front of it or right behind makes a name: "gmina Kołobrzeg"."""
    if t.has(index, "apposition") and not t.has(index, "lower"):
        return False
    if first < index:
        return True
    if not t.has(index, "lower"):
        return False
    for k in range(head_end, last):
        if t.capital[k]:
            return not t.event[k]
        if t.forms[k] in t.table.loose or not (t.has(k, "link", "subject") or t.raws[k] in APOSTROPHES):
            return False
    return False


# -- what makes a name of it ------------------------------------------------------------------------------------


def _proper(t: Tagged, index: int) -> bool:
    """A capitalised word that can make a name out of a kind of body."""
    if not t.capital[index] or t.has(index, "generic", "event", "job") or t.event[index]:
        return False
    if not t.opens_sentence(index):
        return True
    return not t.stop[index] and t.forms[index] not in tables.label_words(t.language)


def _names_in_head(t: Tagged, index: int, head_end: int, tag: str) -> list[int]:
    """Words that make a head of several words a name: "Xunta de Galicia", "Agjencia e Prokurimit Publik"."""
    if head_end - index < 2:
        return []
    if tag == "head" and head_end - index >= 3 and not t.has(index, "municipal"):
        return [k for k in range(index + 1, head_end) if t.capital[k]]
    return [
        k for k in range(index, head_end) if _proper(t, k) and not t.has(k, "subject") and not tables.is_head_form(t.forms[k], t.language)
    ]


def _named_among_nouns(t: Tagged, first: int, index: int, head_end: int, last: int, tag: str) -> bool:
    """Where nouns have capitals: an adjective with a capital, a name right behind, or a sure head with "für" or "des"."""
    in_front = [k for k in range(first, index) if _proper(t, k)]
    if in_front:
        return any(not t.opens_sentence(k) for k in in_front) or t.forms[first] not in t.table.never
    if head_end < last and t.capital[head_end] and not t.has(head_end, "generic"):
        return not t.head(head_end) or tag == "head"
    return tag == "head" and head_end < last


def _told_by_subject(t: Tagged, first: int, index: int, head_end: int, last: int, tag: str) -> bool:
    """True where small words name the body: "Ministerstvo vnitra", "Fond za zaštitu okoliša", "Verband kommunaler Unternehmen"."""
    if not t.capital[first] or t.raws[index].isupper() or head_end >= last:
        return False
    if t.table.noun_capitals:
        attribute = t.raws[head_end].islower() and t.forms[head_end].endswith(t.table.genitive_attributes or ("\0",))
        return tag == "head" and last - head_end >= 2 and attribute
    linked = t.has(head_end, "link")
    told = sum(t.has(k, "subject") and (linked or not t.has(k, "generic")) for k in range(head_end, last))
    if linked and last - head_end >= 2 and t.forms[head_end] in t.table.opens_small:
        told += 1
    return told >= (1 if tag == "head" else 3)


def _sentence_end(t: Tagged, index: int, sentences: Sequence[Sentence]) -> int:
    at = t.span(index, index + 1)[0]
    return next((sentence.end for sentence in sentences if sentence.start <= at < sentence.end), t.offset + len(t.words.text))


# -- how sure it is ---------------------------------------------------------------------------------------------


def _strength(t: Tagged, first: int, index: int, head_end: int, last: int, beyond: int) -> float:
    strength = STRONG
    if not any(t.strong(k) for k in range(first, last)):
        long = last - first >= 4 and beyond != 1 and not t.has(index, "venue")
        strength = _LONG_WEAK if long else WEAK
    if t.has(index, "unit") and head_end - index == 1:
        strength = _UNIT
    if any(t.has(k, "municipal") for k in range(first, last)):
        strength = WEAK if _tells_where(t, first) or _in_case(t, index) else max(strength, _TOWN)
    return min(strength, _VENUE) if _is_venue(t, first, index) else strength


def _tells_where(t: Tagged, first: int) -> bool:
    """True behind "in the": a town or region that is a place here."""
    for k in range(first - 1, max(first - 4, -1), -1):
        if not t.near[k + 1]:
            return False
        if t.forms[k] in t.table.within:
            return True
    return False


def _in_case(t: Tagged, index: int) -> bool:
    """True for a head in a case that tells the place: "Kölcsey Központban"."""
    form = t.forms[index]
    return bool(t.table.inside_case) and form.endswith(t.table.inside_case) and not tables.is_head_form(form, t.language)


def _is_venue(t: Tagged, first: int, index: int) -> bool:
    """True for a building or room: "Kongresszentrum Alte Werft", a weak head behind a preposition of place ("w Centrum Kultury")."""
    if not t.has(index, "venue"):
        return False
    if any(t.has(k, "building") for k in range(first, min(index + 2, len(t)))):
        return True
    if (first > 0 and t.near[first] and t.forms[first - 1] in t.table.within) or _in_case(t, index):
        return True
    return not t.strong(index) and any(
        first >= len(words) and tuple(t.forms[first - len(words) : first]) == words for words in tables.before_place(t.language)
    )


# -- names of one word ------------------------------------------------------------------------------------------


def _single(t: Tagged, index: int) -> Span | None:
    """A body's name of one word: "Miljøstyrelsen", "Umweltbundesamt", "ympäristöministeriö"."""
    small = t.has(index, "small_name")
    if not (t.capital[index] or small) or t.barred[index] or t.has(index, "generic") or len(t.raws[index]) < 5:
        return None
    last = t.tags[index].get("name", index + 1)
    if t.raws[index].isupper() or t.hangs(last):
        return None
    cut = names.cut_ending(t, last)
    nominative = t.forms[last - 1][: len(t.forms[last - 1]) - cut]
    if "name" not in t.tags[index] and not small and not (cut and t.head(index) and tables.is_name_form(nominative, t.language)):
        return None
    if cut and tables.is_generic(nominative, t.language):
        return None
    # "Konkurrence- og Forbrugerstyrelsen"
    suspended = index >= 3 and t.joiner(index - 1) and t.hangs(index - 2) and t.capital[index - 3]
    start, end = t.span(index - 3 if suspended else index, last)
    return Span(start, end - cut, "one-word name", 0.55 if t.opens_sentence(index) else 0.65, heads=[t.forms[index]])
