"""How far a name goes: from a head word, a legal form or a capital over the words that belong to it. Proposes no name itself."""

from __future__ import annotations

from extractors.organisations.tables import is_head_form
from extractors.organisations.tagged import OPEN_QUOTES, Tagged

MAX_WORDS = 16
_GLUE = frozenset({"-", "'", "’", "&", "+"})
_NOUN_CAPITALS = frozenset({"de", "lb"})


def noun_capitals(language: str) -> bool:
    """German and Luxembourgish write every noun with a capital: a capital alone proves no name there."""
    return language.split("-")[0] in _NOUN_CAPITALS


def grow(t: Tagged, first: int, last: int) -> tuple[int, int]:
    """A head's words ``[first, last)`` with the words of its name on both sides."""
    start = left(t, first, last)
    return start, right(t, start, last)


# -- to the right ---------------------------------------------------------------------------------------------


def right(t: Tagged, first: int, last: int) -> int:
    """The end of the name whose words so far are ``[first, last)``."""
    follows = True
    headed_left = t.table.heads_last and not t.table.bare_names and t.head(first) is None
    while last < len(t) and t.near[last] and not t.barred[last] and last - first < MAX_WORDS:
        raw = t.raws[last]
        if t.capital[last]:
            if _opens_other(t, first, last) or (t.person[last] and not t.person[last - 1] and not t.capital[last - 1]):
                break
            if headed_left and not t.acronym(last):
                # Where heads stand last, what follows the head of a whole name is no part of it.
                break
            follows = t.has(last, "subject")
            last += 1
        elif raw in OPEN_QUOTES:
            close = t.closing(last)
            if close is None or not t.capital[last + 1] or t.glued(last):
                break
            last = close + 1
            follows = False
        elif raw.isdigit() and t.glued(last):
            last += 1
        elif (stop := _hyphenated(t, last)) is not None or (stop := _glued(t, last)) is not None:
            last = stop
        elif t.role[last] and not t.has(last, "link", "subject"):
            break
        elif t.table.follows and not t.has(last, "link") and (t.has(last, "continues") or (follows and t.has(last, "subject"))):
            last += 1
        elif (stop := _linked(t, first, last)) is not None:
            last = stop
            follows = t.has(last - 1, "subject")
        elif raw == "," and (stop := _listed(t, first, last)) is not None:
            last = stop
            follows = True
        else:
            break
    return last


def _opens_other(t: Tagged, first: int, index: int) -> bool:
    """True where a capitalised word opens a body of its own: "Commission DG Grow"; in German also a noun that is no name."""
    if index > first and t.has(index, "head") and len(t.raws[index]) >= 2 and t.raws[index].isupper() and not t.raws[first].isupper():
        return True
    return noun_capitals(t.language) and (t.event[index] or t.has(index, "job", "apposition"))


def _hyphenated(t: Tagged, index: int) -> int | None:
    """The end of "- og Forbrugerstyrelsen" behind a word with a hyphen that stands for the rest of it, or None."""
    if not (t.raws[index] == "-" and t.glued(index)):
        return None
    joiner = index + 1
    if not (joiner + 1 < len(t) and t.joiner(joiner) and t.near[joiner + 1] and not t.glued(joiner)):
        return None
    behind = joiner + 1
    return behind + 1 if t.capital[behind] or t.has(behind, "subject") or t.head(behind) else None


def _glued(t: Tagged, index: int) -> int | None:
    """The end of a mark and the capitalised word glued to it, or of " & Name"; else None."""
    if t.raws[index] not in _GLUE or index + 1 >= len(t) or not t.near[index + 1]:
        return None
    spaced = not t.glued(index) or not t.glued(index + 1)
    if spaced and t.raws[index] not in {"&", "+"}:
        return None
    if t.capital[index + 1]:
        return index + 2
    # "Oeko-tex", "Sint-annaziekenhuis": small letters behind a glued hyphen.
    return index + 2 if t.raws[index] == "-" and t.raws[index + 1].isalpha() and not spaced and t.capital[index - 1] else None


def _linked(t: Tagged, first: int, index: int) -> int | None:
    """The end of the linking words at `index` and the word of the name behind them, or None where the name ends."""
    at, starter, loose, joins = index, False, False, False
    while at < len(t) and at - index < 5 and t.near[at] and not t.capital[at] and (t.has(at, "link") or t.raws[at] in {"'", "’"}):
        form = t.forms[at]
        if form in t.table.loose:
            loose = True
        elif form not in t.table.articles and form not in {"'", "’"}:
            starter = True
        joins = joins or t.joiner(at)
        at += 1
    if at == index or at >= len(t) or not t.near[at] or t.barred[at] or not (starter or loose):
        return None
    behind = at + 1
    if not (t.capital[at] or t.has(at, "subject")):
        # "Amt für ländliche Entwicklung": one attribute may stand between.
        if not (t.table.attributes and t.forms[at].endswith(t.table.attributes) and not t.stop[at] and behind < len(t) and t.near[behind] and t.capital[behind]):
            return None
        if not noun_capitals(t.language):
            return None
        behind += 1
    if loose and not _may_be_located(t, first, index, at):
        return None
    if joins and not _may_join(t, first, index, at):
        return None
    if t.event[at] and not t.has(at, "subject") and noun_capitals(t.language):
        return None
    return behind


def _may_be_located(t: Tagged, first: int, index: int, at: int) -> bool:
    """True where "in Graz" is part of a name: universities, schools, courts, hospitals."""
    if not t.table.follows and not t.head(index - 1):
        return False
    return t.capital[at] and any(t.has(k, "located") for k in range(first, index)) and not own_head(t, at)


def _may_join(t: Tagged, first: int, index: int, at: int) -> bool:
    """True when "and" goes on inside the name: before a subject ("of Health and Care"), never before a head or a short form."""
    if own_head(t, at):
        return False
    if t.has(at, "subject"):
        return any(t.has(k, "link") for k in range(first, index)) or t.has(index - 1, "subject")
    if t.head(index - 1) or t.has(index - 1, "legal") or t.acronym(at):
        return False
    if any(t.has(k, "located", "municipal") for k in range(first, index)):
        return False
    if t.table.follows and any(t.has(k, "portfolio") for k in range(first, index)):
        # "Komisja Sprawiedliwości i Praw Człowieka": what a ministry or committee sees to stands in the genitive, with no linking word.
        return True
    return any(t.has(k, "link") for k in range(first, index))


def own_head(t: Tagged, index: int) -> bool:
    """True when the words of a name from `index` on have a head of their own: a second body, not more of the first."""
    at = index
    while at < len(t) and at - index < MAX_WORDS and (at == index or t.near[at]) and (t.capital[at] or t.has(at, "link")):
        if (t.head(at) or t.has(at, "legal", "name")) and (not t.has(at, "subject") or (t.capital[at] and t.has(at, "name"))):
            return True
        at += 1
    return False


def _listed(t: Tagged, first: int, comma: int) -> int | None:
    """The end of ", Agriculture and Fisheries" in a name with a linking word; every part must be a subject, the last one joined."""
    if not any(t.has(k, "link") for k in range(first, comma)) and not (t.table.follows and t.has(comma - 1, "subject")):
        return None
    at = comma
    for _ in range(5):
        joined = False
        at += 1
        while at < len(t) and t.near[at] and not t.capital[at] and (t.has(at, "link") or t.raws[at] in {"'", "’"}):
            joined = joined or t.joiner(at)
            at += 1
        if at >= len(t) or not t.near[at] or not t.has(at, "subject") or own_head(t, at):
            return None
        while at < len(t) and t.near[at] and (t.has(at, "subject") and not t.joiner(at)):
            at += 1
        if joined:
            return at
        if at < len(t) and t.joiner(at):
            behind = _linked(t, first, at)
            return behind if behind is not None and t.has(behind - 1, "subject") else None
        if at >= len(t) or t.raws[at] != ",":
            return None
    return None


# -- to the left ----------------------------------------------------------------------------------------------


def left(t: Tagged, first: int, last: int) -> int:
    """The beginning of the name whose words so far are ``[first, last)``."""
    if not t.capital[first]:
        return _attributes(t, first)
    joined = False
    while first > 0 and t.near[first] and not t.barred[first - 1] and last - first < MAX_WORDS:
        before = first - 1
        raw = t.raws[before]
        if t.capital[before]:
            if t.role[before] or t.event[before] or t.has(before, "job", "apposition") or (t.person[before] and not t.person[first]):
                break
            if t.opens_sentence(before) and not _may_open(t, before, first):
                break
            if noun_capitals(t.language) and not _adjectival(t, before):
                break
            first = before
        elif raw in _GLUE and before >= 1 and t.capital[before - 1] and t.near[before] and (t.glued(before) and t.glued(first) or raw == "&"):
            first = before - 1
        elif raw == "." and before >= 1 and t.capital[before - 1] and t.glued(before) and len(t.raws[before - 1]) <= 2:
            first = before - 1
        elif t.joiner(before) and before >= 2 and t.raws[before - 1] == "-" and t.glued(before - 1) and (t.capital[before - 2] or t.table.heads_last):
            first = before - 2
        elif t.joiner(before) and before >= 1 and t.near[before] and _joins_left(t, before):
            first, joined = before - 1, True
        elif raw == "," and joined and t.table.title_joins and before >= 1 and t.capital[before - 1]:
            first = before - 1
        else:
            break
    return first


def _may_open(t: Tagged, index: int, head: int) -> bool:
    """True when the first word of a sentence can be the first of a name: a model sees a name there, or it agrees with the head behind it."""
    if t.seen[index] or t.acronym(index):
        return True
    form = t.forms[index]
    if t.table.definite:
        return not t.forms[head].endswith(t.table.definite) or form.endswith(("s", "e", "a"))
    if t.table.attributes and not noun_capitals(t.language):
        return form.endswith(t.table.attributes)
    return not t.table.follows


def _adjectival(t: Tagged, index: int) -> bool:
    """German: what stands in front of a head in its name is an adjective or made with a hyphen ("Statistisches Landesamt")."""
    form = t.forms[index]
    if t.has(index, "generic") or t.head(index) or t.stop[index]:
        return False
    return form.endswith(("e", "er", "es", "en", "em")) or t.raws[index].isupper() or (index > 0 and t.raws[index - 1] == "-" and t.glued(index))


def _joins_left(t: Tagged, joiner: int) -> bool:
    """True where "X and" in front of a name is part of it: two capitals and no head in front, or one where heads stand last."""
    before = joiner - 1
    if not t.capital[before] or t.acronym(before) or t.head(before) or t.has(before, "legal") or t.stop[before]:
        return False
    if t.table.title_joins:
        return True
    return before >= 1 and t.near[before] and t.capital[before - 1] and not t.head(before - 1) and not t.opens_sentence(before)


def _attributes(t: Tagged, head: int) -> int:
    """The capitalised word that opens a name with a small head ("Göteborgs stad", "Viešųjų pirkimų tarnyba"); `head` where there is none."""
    endings = t.table.attributes
    at, joined = head - 1, False
    while at >= 0 and t.near[at + 1] and not t.barred[at] and head - at <= 8:
        form = t.forms[at]
        if t.capital[at]:
            if t.role[at] or t.event[at] or t.has(at, "job", "generic", "link") or (t.stop[at] and t.opens_sentence(at)) or form in t.table.never:
                return head
            adjacent = at == head - 1 and t.table.bare_names and not t.forms[head].endswith(t.table.definite)
            if not adjacent and not (endings and form.endswith(endings)):
                return head
            first = at
            if t.person[first] and not t.seen[first] and at == head - 1 and not (endings and form.endswith(endings)):
                return head
            while first > 0 and t.near[first] and t.capital[first - 1] and not t.barred[first - 1] and not t.stop[first - 1]:
                if t.person[first - 1] != t.person[first] or (t.opens_sentence(first - 1) and not t.seen[first - 1]):
                    break
                if t.role[first - 1] or t.event[first - 1] or t.has(first - 1, "job", "apposition") or t.head(first - 1):
                    break
                first -= 1
            return first
        if joined and t.head(at):
            return head
        if t.joiner(at):
            joined = True
        elif t.raws[at] == "," and joined or (t.raws[at] == "-" and t.glued(at) and joined):
            pass
        elif t.role[at] or t.verb[at] or t.event[at]:
            return head
        elif t.has(head, "municipal") and not t.has(head, "lower") and not t.has(at, "subject"):
            return head
        elif not endings or not (t.has(at, "subject") or (form.endswith(endings) and not t.stop[at])):
            return head
        at -= 1
    return head


# -- ends -----------------------------------------------------------------------------------------------------


def strip(t: Tagged, first: int, last: int) -> tuple[int, int]:
    """Without articles, prepositions, job titles and sentence openers at both ends."""
    while first < last and (
        (t.tags[first].get("job", last) < last and not t.head(first))
        or not (t.raws[first][0].isalnum() or t.raws[first] in OPEN_QUOTES)
        or (t.stop[first] and (not t.capital[first] or t.opens_sentence(first)) and t.head(first) is None)
        or (t.forms[first] in t.table.never and t.opens_sentence(first) and t.head(first) is None)
        or (t.has(first, "apposition") and first + 1 < last and not t.has(first, "lower") and not t.has(first + 1, "link") and t.raws[first].islower())
    ):
        first += 1
    while last > first and (
        (not t.raws[last - 1][0].isalnum() and t.raws[last - 1] not in {".", ")", "“", "”", "\"", "»", "’", "‘", "«"})
        or (t.stop[last - 1] and not t.capital[last - 1])
        or (t.has(last - 1, "link") and not t.capital[last - 1] and not t.has(last - 1, "subject"))
    ):
        last -= 1
    return first, last


def in_small_letters(t: Tagged, head: int, begin: int, stop: int) -> int | None:
    """The end of a name that goes on in small letters no list knows ("Agence régionale de la biodiversité"), up to word `stop`.

    It must end at a role word or, opened by a linking word right behind the head, at a mark within three words.
    """
    if not t.table.small_names and not (begin < stop and t.forms[begin] in t.table.opens_small):
        return None
    last, small = begin, 0
    while last < stop and t.near[last] and last - head < 10 and not t.barred[last]:
        raw = t.raws[last]
        if t.role[last] and not t.has(last, "link", "subject"):
            break
        if not raw[0].isalpha():
            if raw not in {"'", "’", "-"}:
                break
        elif t.verb[last]:
            break
        elif t.joiner(last) and _capital_ahead(t, last + 1):
            break
        elif t.table.loose and t.forms[last] in t.table.loose:
            break
        elif not t.stop[last] and not t.has(last, "subject", "link"):
            small += not t.capital[last]
        last += 1
    closed = last < stop and t.role[last] and not t.has(last, "link")
    linked = begin < stop and t.has(begin, "link") and not any(t.stop[k] and not t.has(k, "link") for k in range(begin, last))
    marked = last >= stop or not t.near[last] or not t.raws[last][0].isalnum()
    if small == 0 or small > 3 or last <= begin or not linked or not (closed or marked):
        return None
    return last


def _capital_ahead(t: Tagged, index: int) -> bool:
    for at in range(index, min(index + 3, len(t))):
        if t.capital[at]:
            return True
        if not t.stop[at]:
            return False
    return False


def cut_ending(t: Tagged, last: int) -> int:
    """How many characters of a case ending the head that closes a name carries ("Miljøstyrelsen-s"): 0 where none can be cut."""
    raw, form = t.raws[last - 1], t.forms[last - 1]
    for ending in t.table.endings:
        if ending.isalpha() and form.endswith(ending) and len(form) - len(ending) >= 4 and is_head_form(form[: -len(ending)], t.language):
            return len(ending) if len(raw) == len(form) else 0
    return 0
