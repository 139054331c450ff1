"""How far a name goes: from a head word, a legal form or a capital over the words that belong to it. Proposes no name itself.

Spans are word indices ``[first, last)`` of one block. What languages do differently stands in organisation_words.toml.
"""

from __future__ import annotations

from extractors.organisations.tables import is_head_form
from extractors.organisations.tagged import APOSTROPHES, OPEN_QUOTES, Tagged

MAX_WORDS = 16
"""Words a name has at most."""
_REACH = 8
"""Small words that may stand between a small head and the capital that opens its name."""
_GLUE = frozenset({"-", "&", "+", *APOSTROPHES})
_CLOSING = frozenset('.)“”"»’‘«')


def grow(t: Tagged, first: int, last: int) -> tuple[int, int]:
    """A head's words with the words of its name on both sides."""
    start = left(t, first, last)
    return start, right(t, start, last)


# -- to the right ---------------------------------------------------------------------------------------------


def right(t: Tagged, first: int, last: int) -> int:
    """The end of the name whose words so far are ``[first, last)``."""
    follows, linked = True, False
    # Where heads stand last, what follows the head of a whole name is no part of it.
    whole = t.table.heads_last and not t.table.bare_names and t.head(first) is None
    while last < len(t) and t.near[last] and not t.barred[last] and last - first < MAX_WORDS:
        if t.capital[last]:
            if _opens_other(t, first, last) or _opens_person(t, last) or (whole and not t.acronym(last)):
                break
            follows = t.has(last, "subject")
            last += 1
            continue
        if t.raws[last] in OPEN_QUOTES:
            close = t.closing(last)
            if close is None or not t.capital[last + 1] or t.glued(last):
                break
            last, follows = close + 1, False
            continue
        stop = _figure(t, first, last) or _hyphenated(t, last) or _glued(t, last)
        if stop is None:
            if t.role[last] and not t.has(last, "link", "subject"):
                break
            stop = _small_word(t, last, follows=follows, linked=linked)
        if stop is not None:
            last = stop
            continue
        stop = _linked(t, first, last)
        if stop is not None:
            last, linked, follows = stop, True, t.has(stop - 1, "subject")
            continue
        stop = _listed(t, first, last)
        if stop is None:
            break
        last, follows = stop, True
    return last


def _opens_other(t: Tagged, first: int, index: int) -> bool:
    """True where a capital opens a body of its own: "Commission DG Grow"; or a noun that is no name, where nouns have capitals."""
    if index > first and t.has(index, "head") and len(t.raws[index]) >= 2 and t.raws[index].isupper() and not t.raws[first].isupper():
        return True
    return t.table.noun_capitals and (t.event[index] or t.has(index, "job", "apposition"))


def _opens_person(t: Tagged, index: int) -> bool:
    """True where a model sees a person's name begin behind a small word: "Ministarstvu financija Dušan ..."."""
    before = index - 1
    return t.person[index] and not t.person[before] and t.raws[before].islower() and not t.has(before, "link", "lower")


def _figure(t: Tagged, first: int, index: int) -> int | None:
    """The end of a figure glued to a name, or behind a university's or school's: "université Rennes 2"."""
    if not t.raws[index].isdigit():
        return None
    numbered = len(t.raws[index]) <= 2 and t.capital[index - 1] and any(t.has(k, "located") for k in range(first, index - 1))
    return index + 1 if t.glued(index) or numbered else None


def _hyphenated(t: Tagged, index: int) -> int | None:
    """The end of "- og Forbrugerstyrelsen" behind a word with a hyphen that stands for the rest of it."""
    joiner, behind = index + 1, index + 2
    if not t.hangs(index) or behind >= len(t) or not (t.joiner(joiner) and t.near[behind]) or t.glued(joiner):
        return None
    return behind + 1 if t.capital[behind] or t.has(behind, "subject") or t.head(behind) else None


def _glued(t: Tagged, index: int) -> int | None:
    """The end of a mark and the word glued to it, or of " & Name"."""
    behind = index + 1
    if t.raws[index] not in _GLUE or behind >= len(t) or not t.near[behind]:
        return None
    spaced = not t.glued(index) or not t.glued(behind)
    if spaced and t.raws[index] not in {"&", "+"}:
        return None
    # "Sint-annaziekenhuis": small letters behind a glued hyphen.
    small = t.raws[index] == "-" and t.raws[behind].isalpha() and not spaced and t.capital[index - 1]
    return behind + 1 if t.capital[behind] or small else None


def _small_word(t: Tagged, index: int, *, follows: bool, linked: bool) -> int | None:
    """The end of what goes on in small letters with no linking word between."""
    if t.has(index, "link"):
        return None
    behind = index + 1
    capital_behind = behind < len(t) and t.near[behind] and t.capital[behind]
    if t.table.genitive_attributes and t.head(index - 1) and t.forms[index].endswith(t.table.genitive_attributes) and not t.stop[index]:
        # "Verband kommunaler Unternehmen"
        return behind + 1 if capital_behind else None
    if linked and t.has(index, "subject") and t.raws[index - 1].islower():
        # "Myndigheten för digital förvaltning"
        return behind
    if not t.table.follows:
        return None
    if t.has(index, "municipal") and capital_behind:
        # "Technické služby města Přerova"
        return behind + 1
    return behind if t.has(index, "continues") or (follows and t.has(index, "subject")) else None


def _linked(t: Tagged, first: int, index: int) -> int | None:
    """The end of the linking words at `index` and the word of the name behind them, or None where the name ends."""
    at, starter, loose, joins, bare = index, False, False, False, False
    while at < len(t) and at - index < 5 and t.near[at] and not t.capital[at] and (t.has(at, "link") or t.raws[at] in APOSTROPHES):
        form = t.forms[at]
        if form in t.table.loose:
            loose = True
        elif form in t.table.articles:
            bare = joins and not loose
        elif form not in APOSTROPHES:
            starter, bare = True, False
        joins = joins or t.joiner(at)
        at = max(at + 1, t.tags[at].get("link", 0))
    if at >= len(t) or not t.near[at] or t.barred[at] or not (starter or loose):
        return None
    if t.table.noun_capitals and (bare or (t.event[at] and not t.has(at, "subject"))):
        # "das Ministerium und die Kammer": an article behind "and" opens a name of its own.
        return None
    stop = _behind_link(t, first, index, at)
    if stop is None or (loose and not _may_be_located(t, first, index, at)) or (joins and not _may_join(t, first, index, at)):
        return None
    return stop


def _behind_link(t: Tagged, first: int, index: int, at: int) -> int | None:
    """The end of the word that a linking word at `index` ties to the name, if the word at `at` can be one."""
    behind = at + 1
    if t.capital[at] or t.has(at, "subject") or _purpose(t, first, index, at):
        return behind
    if not t.table.noun_capitals or not t.forms[at].endswith(t.table.attributes) or t.stop[at]:
        return None
    # "Amt für ländliche Entwicklung"
    return behind + 1 if behind < len(t) and t.near[behind] and t.capital[behind] else None


def _purpose(t: Tagged, first: int, index: int, at: int) -> bool:
    """True for the first small word behind "for" and the like right behind a sure head: what the body is for, whatever the word."""
    if at != index + 1 or t.forms[index] not in t.table.opens_small or not t.capital[first] or not t.strong(index - 1):
        return False
    word = t.raws[at]
    return word.isalpha() and len(word) >= 4 and not (t.stop[at] or t.role[at] or t.verb[at] or t.event[at])


def _may_be_located(t: Tagged, first: int, index: int, at: int) -> bool:
    """True where "in Graz" is part of a name: universities, schools, courts, hospitals."""
    if not t.table.follows and not t.head(index - 1):
        return False
    return t.capital[at] and any(t.has(k, "located") for k in range(first, index)) and not own_head(t, at)


def _may_join(t: Tagged, first: int, index: int, at: int) -> bool:
    """True when "and" goes on inside the name: before a subject ("of Health and Care"), never before a head or a short form."""
    if own_head(t, at):
        return False
    linked = any(t.has(k, "link") for k in range(first, index))
    if t.has(at, "subject"):
        return linked or t.has(index - 1, "subject")
    if t.head(index - 1) or t.has(index - 1, "legal") or t.acronym(at):
        return False
    if t.table.follows and t.capital[index - 1] and t.has(index - 1, "subject"):
        # "Instytut Badawczy Dróg i Mostów"
        return True
    if any(t.has(k, "located", "municipal") for k in range(first, index)):
        return False
    # "Komisja Sprawiedliwości i Praw Człowieka": what a ministry or committee sees to stands in the genitive, with no linking word.
    return linked or (t.table.follows and any(t.has(k, "portfolio") for k in range(first, index)))


def own_head(t: Tagged, index: int) -> bool:
    """True when the words of a name from `index` on have a head of their own: a second body, not more of the first."""
    at = index
    while at < len(t) and at - index < MAX_WORDS and (at == index or t.near[at]):
        if at > index and t.joiner(at) and t.raws[at - 1] != "-":
            return False
        if (t.has(at, "name") and t.capital[at]) or (at > index and t.head(at) and t.capital[at - 1] and not t.capital[at]):
            # A one-word name, or a small head behind its capitalised attribute: "i Privredna komora".
            return True
        if (t.head(at) or t.has(at, "legal")) and (not t.has(at, "subject") or (t.capital[at] and t.strong(at))):
            return True
        if not (t.capital[at] or t.has(at, "link") or t.hangs(at)):
            return False
        at += 1
    return False


def _listed(t: Tagged, first: int, comma: int) -> int | None:
    """The end of ", Agriculture and Fisheries" in a name with a linking word; every part must be a subject, the last one joined."""
    if t.raws[comma] != ",":
        return None
    if not any(t.has(k, "link") for k in range(first, comma)) and not (t.table.follows and t.has(comma - 1, "subject")):
        return None
    at = comma
    portfolio = any(t.has(k, "portfolio") for k in range(first, comma))
    for _ in range(5):
        joined = False
        at += 1
        while at < len(t) and t.near[at] and not t.capital[at] and (t.has(at, "link") or t.raws[at] in APOSTROPHES):
            joined = joined or t.joiner(at)
            at += 1
        if at >= len(t) or not t.near[at] or own_head(t, at) or not _sees_to(t, at, portfolio):
            return None
        while at < len(t) and t.near[at] and _sees_to(t, at, portfolio) and not t.joiner(at):
            at += 1
        if joined:
            return at
        if at < len(t) and t.joiner(at):
            behind = _linked(t, first, at)
            return behind if behind is not None and (_sees_to(t, behind - 1, portfolio) or not t.acronym(behind - 1)) else None
        if at >= len(t) or t.raws[at] != ",":
            return None
    return None


def _sees_to(t: Tagged, index: int, portfolio: bool) -> bool:
    """True for a word of what a body sees to: one of the lists', in a ministry's name also any with a capital that names no body."""
    if t.has(index, "subject"):
        return True
    return portfolio and t.capital[index] and not t.acronym(index) and t.head(index) is None and not t.table.noun_capitals


# -- to the left ----------------------------------------------------------------------------------------------


def left(t: Tagged, first: int, last: int) -> int:
    """The beginning of the name whose words so far are ``[first, last)``."""
    if not t.capital[first]:
        named_behind = t.has(first, "lower") and last < len(t) and t.near[last] and t.capital[last]
        # "Małopolskiego i gminą Niepołomice": the town's name stands behind.
        apart = first > 0 and (t.joiner(first - 1) or not (t.capital[first - 1] or t.has(first - 1, "subject")))
        return first if named_behind and apart else _attributes(t, first)
    if t.table.towns_first and t.has(first, "municipal"):
        # "Stad Gent", "Comune di Ferrara": what stands in front of a town's word is another name.
        return first
    joined = False
    while first > 0 and t.near[first] and not t.barred[first - 1] and last - first < MAX_WORDS:
        before = first - 1
        if t.capital[before]:
            if not _belongs_in_front(t, before, first):
                break
            first = before
        elif _ties(t, before, first):
            first = before - 1
        elif t.joiner(before) and before >= 2 and t.hangs(before - 1) and (t.capital[before - 2] or t.table.heads_last):
            # "Teknik- og Miljøudvalget"
            first = before - 2
        elif t.joiner(before) and _joins_left(t, before, first):
            first, joined = before - 1, True
        elif joined and t.raws[before] == "," and t.table.title_joins and before >= 1 and t.capital[before - 1]:
            first = before - 1
        else:
            break
    return first


def _belongs_in_front(t: Tagged, before: int, first: int) -> bool:
    """True for a capitalised word in front of a name that is part of it."""
    if not _can_open(t, before) or (t.person[before] and not t.person[first]):
        return False
    if t.opens_sentence(before) and not _may_open(t, before, first):
        return False
    if t.has(before, "head") and t.has(first, "head") and t.raws[first].isupper() and not t.raws[before].isupper():
        return False
    return not t.table.noun_capitals or _adjectival(t, before)


def _can_open(t: Tagged, index: int) -> bool:
    """False for words of roles and events, for job titles and nouns in front of names."""
    return not (t.role[index] or t.event[index] or t.has(index, "job", "apposition"))


def _ties(t: Tagged, mark: int, first: int) -> bool:
    """True for a mark that ties the capitalised word in front of it to the name: a glued hyphen, "&", the dot of an initial."""
    if mark < 1 or not t.capital[mark - 1] or not t.near[mark]:
        return False
    if t.raws[mark] == ".":
        return t.glued(mark) and len(t.raws[mark - 1]) == 1
    return t.raws[mark] in _GLUE and ((t.glued(mark) and t.glued(first)) or t.raws[mark] == "&")


def _may_open(t: Tagged, index: int, head: int) -> bool:
    """True when a sentence's first word can be a name's: a model sees a name there, or it agrees with the head behind it."""
    if t.seen[index] or t.acronym(index):
        return True
    form = t.forms[index]
    if t.table.definite:
        return not _definite(t, head) or form.endswith(t.table.before_definite)
    if t.table.attributes and not t.table.noun_capitals:
        return form.endswith(t.table.attributes)
    return not t.table.follows


def _definite(t: Tagged, head: int) -> bool:
    """True for a head with a glued article ("myndigheten"), false for one that only ends like it ("universitet")."""
    form = t.forms[head]
    return form.endswith(t.table.definite) and not any(is_head_form(form + ending, t.language) for ending in t.table.definite)


def _adjectival(t: Tagged, index: int) -> bool:
    """Where nouns have capitals, an adjective or a part with a hyphen stands in front of a head: "Statistisches Landesamt"."""
    if t.has(index, "generic") or t.head(index) or t.stop[index]:
        return False
    return t.forms[index].endswith(t.table.attributes) or t.raws[index].isupper() or t.hangs(index - 1)


def _joins_left(t: Tagged, joiner: int, first: int) -> bool:
    """True where "X and" in front of a name is part of it: two capitals and no head in front, or one where heads stand last."""
    before = joiner - 1
    if before < 0 or not t.near[joiner] or not t.capital[before] or t.stop[before]:
        return False
    if t.acronym(before) or t.head(before) or t.has(before, "legal"):
        return False
    if t.table.title_joins:
        return True
    if t.head(first) or before < 1:
        return False
    return t.near[before] and t.capital[before - 1] and not t.head(before - 1) and not t.opens_sentence(before)


def _attributes(t: Tagged, head: int) -> int:
    """The word that opens a name with a small head ("Göteborgs stad", "Viešųjų pirkimų tarnyba"); `head` where there is none."""
    endings = t.table.attributes
    at, joined = head - 1, False
    while at >= 0 and t.near[at + 1] and not t.barred[at] and head - at <= _REACH:
        if t.capital[at]:
            return _capitals(t, at) if _opens_attributes(t, at, head, joined) else head
        agrees = bool(endings) and t.forms[at].endswith(endings)
        if agrees and at >= 2 and t.hangs(at - 1) and t.glued(at) and t.capital[at - 2]:
            # "Primorsko-goranska županija"
            return at - 2
        if joined and t.head(at) and not t.has(at, "subject"):
            return head
        if t.joiner(at):
            joined = True
        elif not (joined and (t.raws[at] == "," or t.hangs(at))) and not _is_attribute(t, at, head, agrees):
            return head
        at -= 1
    return head


def _is_attribute(t: Tagged, at: int, head: int, agrees: bool) -> bool:
    """True for a small word that can stand between a name's capital and its small head."""
    if t.role[at] or t.verb[at] or t.event[at]:
        return False
    if t.has(head, "municipal") and not t.has(head, "lower"):
        # Only the town's name stands in front of a town's word.
        return t.has(at, "subject")
    return bool(t.table.attributes) and (t.has(at, "subject") or (agrees and not t.stop[at]))


def _opens_attributes(t: Tagged, at: int, head: int, joined: bool) -> bool:
    """True for a capitalised word that opens a name with a small head: it agrees with the head, or a bare name stands in front of it."""
    if t.role[at] or t.event[at] or t.has(at, "job", "vague", "link") or t.forms[at] in t.table.never:
        return False
    if t.stop[at] and t.opens_sentence(at):
        return False
    agrees = bool(t.table.attributes) and t.forms[at].endswith(t.table.attributes)
    if at == head - 1 and not agrees and t.person[at] and not t.seen[at]:
        return False
    bare = at == head - 1 and t.table.bare_names and not _definite(t, head)
    return agrees or bare or (joined and t.hangs(at + 1))


def _capitals(t: Tagged, first: int) -> int:
    """The beginning of the capitalised words up to and with `first`."""
    while first > 0 and t.near[first] and t.capital[first - 1] and not t.barred[first - 1] and not t.stop[first - 1]:
        before = first - 1
        if t.person[before] != t.person[first] or (t.opens_sentence(before) and not t.seen[before]):
            break
        if not _can_open(t, before) or t.strong(before):
            break
        first = before
    while first >= 2 and t.hangs(first - 1) and t.glued(first) and t.capital[first - 2]:
        first -= 2
    return first


# -- ends -----------------------------------------------------------------------------------------------------


def strip(t: Tagged, first: int, last: int) -> tuple[int, int]:
    """Without articles, prepositions, job titles and sentence openers at both ends."""
    while first < last and _in_front(t, first, last):
        first += 1
    while last > first and _behind(t, last - 1):
        last -= 1
    return first, last


def _in_front(t: Tagged, first: int, last: int) -> bool:
    """True for a first word that is no part of a name."""
    if not (t.raws[first][0].isalnum() or t.raws[first] in OPEN_QUOTES):
        return True
    if t.has(first, "apposition") and first + 1 < last and not t.has(first, "lower") and not t.has(first + 1, "link"):
        return t.raws[first].islower()
    if t.head(first):
        return False
    opens = t.opens_sentence(first)
    job = t.tags[first].get("job", last) < last
    return job or (t.stop[first] and (opens or not t.capital[first])) or (opens and t.forms[first] in t.table.never)


def _behind(t: Tagged, index: int) -> bool:
    """True for a last word that is no part of a name."""
    if not t.raws[index][0].isalnum():
        return t.raws[index] not in _CLOSING
    if t.capital[index]:
        return False
    return t.stop[index] or (t.has(index, "link") and not t.has(index, "subject"))


def in_small_letters(t: Tagged, head: int, begin: int, stop: int) -> int | None:
    """The end of a name that goes on in small letters no list knows ("Agence régionale de la biodiversité"), up to word `stop`.

    It must be opened by a linking word right behind the head, and end at a role word or at a mark within three unknown words.
    """
    if begin >= stop or not t.has(begin, "link") or not (t.table.small_names or t.forms[begin] in t.table.opens_small):
        return None
    last, unknown = begin, 0
    while last < stop and t.near[last] and last - head < 10 and not t.barred[last]:
        known = t.has(last, "link", "subject")
        if (t.role[last] and not known) or t.verb[last] or t.forms[last] in t.table.loose:
            break
        if not t.raws[last][0].isalpha():
            if t.raws[last] not in APOSTROPHES and t.raws[last] != "-":
                break
        elif t.joiner(last) and _body_ahead(t, last + 1):
            break
        elif t.stop[last] and not t.has(last, "link"):
            return None
        elif not known and not t.stop[last]:
            unknown += not t.capital[last]
        last += 1
    closed = last < stop and t.role[last] and not t.has(last, "link")
    marked = last >= stop or not t.near[last] or not t.raws[last][0].isalnum()
    return last if 0 < unknown <= 3 and last > begin and (closed or marked) else None


def _body_ahead(t: Tagged, index: int) -> bool:
    """True when, over articles, a capital, a head or a noun for a body follows."""
    for at in range(index, min(index + 3, len(t))):
        if t.capital[at] or t.head(at) or t.has(at, "apposition"):
            return True
        if not t.stop[at]:
            return False
    return False


def cut_ending(t: Tagged, last: int) -> int:
    """How many characters of a case ending the head that closes a name carries ("Miljøstyrelsen-s"): 0 where none can be cut."""
    raw, form = t.raws[last - 1], t.forms[last - 1]
    if len(raw) != len(form):
        return 0
    for ending in t.table.endings:
        if ending.isalpha() and form.endswith(ending) and len(form) - len(ending) >= 4 and is_head_form(form[: -len(ending)], t.language):
            return len(ending)
    return 0
