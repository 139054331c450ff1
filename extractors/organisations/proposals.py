"""Where a body may be named: head words, legal forms, well-known bodies, definitions of short forms, models, roles, fields.

Each finder gives spans with what speaks for them; which of them stand is decided in `selection`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from extractors.events.context import Context, Sentence
from extractors.lexicon import Cue, Words
from extractors.ner import Entity
from extractors.organisations import names, tables
from extractors.organisations.tagged import OPEN_QUOTES, Tagged, is_acronym

STRONG, WEAK, LEAST = 0.7, 0.45, 0.5
"""Strength of a name with a sure head, of one with a head that also names other things, and what a span needs to stand."""

_SHOUTED = 4
"""Words up to which a line in capitals can be a name."""
_MIXED_FORMS = frozenset({"Oy", "Oyj", "Ab", "Ky", "Ry", "ry", "Lda", "Ltd", "Inc", "Kft", "Zrt", "Bt", "Llc", "Plc", "Srl", "Spa", "ApS", "Oü"})
"""Legal forms of two or three letters that are written with small ones; "Sa" and "As" are words."""
_DEFINED = re.compile(r"\((?:[^()\n]{0,40}?[\s„“\"«:,])?(?P<short>[^\W\d_][\w&./+-]{0,14}(?: [^\W\d_][\w&./+-]{1,10})?)[“”\"»]?\s?(?:[,;/–-][^()\n]{0,60})?\)")
_LIST_MARKS = re.compile(r"\s*(?:[,;]|\s[–—-]\s|\n|/| \| )\s*")


@dataclass(slots=True)
class Span:
    """A proposed name with what speaks for it; offsets are the document's."""

    start: int
    end: int
    rule: str
    strength: float
    acronym: str | None = None
    legal: str | None = None
    heads: list[str] = field(default_factory=list)
    body: int | None = None
    """The row of bodies.toml, for a form of a well-known body."""
    needs_form: bool = False
    """True for a short form that counts only where a longer form of its row stands in the document."""


# -- heads and legal forms -----------------------------------------------------------------------------------


def by_heads(t: Tagged, sentences: Sequence[Sentence]) -> list[Span]:
    """Names with a head word: "Danish Business Authority", "Ministerstvo pro místní rozvoj", "Göteborgs stad", "Miljøstyrelsen"."""
    found: list[Span] = []
    if len(t) > _SHOUTED and t.words.text.isupper():
        # In capitals throughout, nothing tells a name.
        return found
    index = 0
    while index < len(t):
        head = t.head(index)
        if head is None:
            single = _single(t, index)
            if single is not None:
                found.append(single)
            index += 1
            continue
        span = _of_head(t, index, *head, sentences) or _single(t, index)
        if span is not None:
            found.append(span)
        index = max(head[1], index + 1)
    return found


def _of_head(t: Tagged, index: int, tag: str, head_end: int, sentences: Sequence[Sentence]) -> Span | None:
    if t.barred[index] or _labels(t, index, head_end):
        return None
    first, last = names.grow(t, index, head_end)
    capital = t.capital[first]
    if not t.capital[index]:
        if t.has(index, "apposition") and not t.has(index, "lower"):
            return None
        opens = first == index and t.has(index, "lower") and _directly_named(t, head_end, last)
        if not (opens or first < index):
            return None
    first, last = names.strip(t, first, last)
    if first > index or last < head_end:
        return None
    if first == index and t.tags[index].get("generic", 0) >= last:
        return None
    beyond = [k for k in range(first, last) if not index <= k < head_end and _proper(t, k)]
    # "Eusko Jaurlaritza", "Xunta de Galicia": a head of several words that is a name already.
    beyond.extend(k for k in range(index, head_end) if _names_alone(t, index, k, head_end))
    named = bool(beyond) and (not names.noun_capitals(t.language) or _named_in_german(t, first, index, head_end, last, tag))
    if not named and capital and tag == "head" and not names.noun_capitals(t.language):
        named = any(t.has(k, "subject") and not t.has(k, "generic") for k in range(head_end, last)) and not t.raws[index].isupper()
    if not names.noun_capitals(t.language) and t.capital[index] and not t.raws[index].isupper():
        stop = t.within(0, _sentence_end(t, index, sentences))[1]
        further = names.in_small_letters(t, index, last, stop) if tag == "head" or t.head(index) else None
        if further is not None and tag == "head":
            last = names.strip(t, first, further)[1]
            named = True
    if not named:
        return None
    start, end = t.span(first, last)
    heads = [t.forms[k] for k in t.heads(first, last)]
    only_weak = not any((found := t.head(k)) and found[0] == "head" for k in range(first, last))
    strength = WEAK if only_weak or t.has(index, "unit") else STRONG
    if any(t.has(k, "municipal") for k in range(first, last)):
        strength = max(strength, 0.65)
        if _tells_where(t, first) or (first == index and t.has(index, "town") and not t.capital[index]):
            strength = WEAK
    if _is_venue(t, first, index):
        strength = min(strength, 0.3)
    return Span(start, end - names.cut_ending(t, last), "head word", strength, heads=heads)


def _labels(t: Tagged, index: int, stop: int) -> bool:
    """True for a head that only says what follows: "Organização: ...", "Kontaktstelle: ...", or a word of a role."""
    if stop < len(t) and t.raws[stop] == ":" and t.opens_sentence(index):
        return True
    return t.role[index] and not t.has(index, "lower") and t.opens_sentence(index)


def _directly_named(t: Tagged, head_end: int, last: int) -> bool:
    """True when, over linking words that tell no place, the first word behind a small head has a capital: "gmina Kołobrzeg"."""
    for k in range(head_end, last):
        if t.capital[k]:
            return not t.event[k]
        if t.forms[k] in t.table.loose or not (t.has(k, "link", "subject") or t.raws[k] in {"'", "’"}):
            return False
    return False


def _proper(t: Tagged, index: int) -> bool:
    """A capitalised word that can make a name out of a kind of body."""
    if not t.capital[index] or t.has(index, "generic", "event", "job") or t.event[index]:
        return False
    if t.stop[index] and t.opens_sentence(index):
        return False
    return t.forms[index] not in tables.label_words(t.language) or not t.opens_sentence(index)


def _named_in_german(t: Tagged, first: int, index: int, head_end: int, last: int, tag: str) -> bool:
    """Where nouns carry capitals: an adjective with a capital, a name right behind, or a sure head with "für" or "des"."""
    if any(_proper(t, k) and not t.opens_sentence(k) for k in range(first, index)):
        return True
    if first < index and any(_proper(t, k) for k in range(first, index)):
        return not t.forms[first] in t.table.never
    if head_end < last and t.capital[head_end] and not t.has(head_end, "generic"):
        return not t.head(head_end) or tag == "head"
    return tag == "head" and head_end < last


def _names_alone(t: Tagged, index: int, at: int, head_end: int) -> bool:
    """A capitalised word of a head of several words that is itself neither a head nor a kind of body nor a subject."""
    if head_end - index < 2 or not t.capital[at] or t.has(at, "generic", "subject"):
        return False
    return _proper(t, at) and not tables.is_head_form(t.forms[at], t.language)


def _tells_where(t: Tagged, first: int) -> bool:
    """True behind "in the": a town or region that is a place here."""
    return any(t.forms[k] in t.table.within for k in range(max(first - 3, 0), first) if all(t.near[j] for j in range(k + 1, first + 1)))


def _is_venue(t: Tagged, first: int, index: int) -> bool:
    """True for a building or room ("w Centrum Kultury", "Biblioteca do Campo Novo, Rua ..."): a venue's head behind a preposition or before an address."""
    if not t.has(index, "venue"):
        return False
    if any(t.has(k, "building") for k in range(first, min(index + 2, len(t)))):
        return True
    if first > 0 and t.near[first] and t.forms[first - 1] in t.table.within:
        return True
    head = t.head(index)
    if head is None or head[0] != "weak":
        return False
    for words in tables.before_place(t.language):
        at = first - len(words)
        if at >= 0 and tuple(t.forms[at:first]) == words:
            return True
    return False


def _sentence_end(t: Tagged, index: int, sentences: Sequence[Sentence]) -> int:
    at = t.span(index, index + 1)[0]
    return next((sentence.end for sentence in sentences if sentence.start <= at < sentence.end), t.offset + len(t.words.text))


def _single(t: Tagged, index: int) -> Span | None:
    """A body's name of one word: "Miljøstyrelsen", "Umweltbundesamt"."""
    if not t.capital[index] or t.barred[index] or t.has(index, "generic") or len(t.raws[index]) < 5:
        return None
    last = t.tags[index].get("name", index + 1)
    if "name" not in t.tags[index] and not (t.head(index) and names.cut_ending(t, last) and _is_name_cut(t, last)):
        return None
    if t.raws[index].isupper() or (last < len(t) and t.glued(last) and t.raws[last] == "-"):
        return None
    first = index
    if index >= 1 and t.joiner(index - 1) and index >= 3 and t.raws[index - 2] == "-" and t.capital[index - 3]:
        first = index - 3
    cut = names.cut_ending(t, last)
    if cut and is_generic(t.forms[index][:-cut], t.language):
        return None
    start, end = t.span(first, last)
    return Span(start, end - cut, "one-word name", 0.55 if t.opens_sentence(index) else 0.65, heads=[t.forms[index]])


def _is_name_cut(t: Tagged, last: int) -> bool:
    return tables.is_name_form(t.forms[last - 1][: -names.cut_ending(t, last)], t.language)


def is_generic(form: str, language: str) -> bool:
    """True for a folded word that names a kind of body only."""
    return any(cue.tag == "generic" for cue in tables.matcher(language).find(Words.of(form)))


def by_legal_forms(t: Tagged) -> list[Span]:
    """Companies and registered associations: "Nordlys Energi A/S", "„Сигма“ ЕООД", "ООО «Ромашка»", "Zelené zmluvy, o. z."."""
    found: list[Span] = []
    for index in range(len(t)):
        stop = t.tags[index].get("legal")
        if stop is None or t.barred[index] or not _is_legal_form(t, index, stop):
            continue
        form = t.words.text[t.words.starts[index] : t.words.ends[stop - 1]]
        first = _before_legal_form(t, index)
        last = stop
        if first == index and (t.table.legal_first or index + 1 < len(t)):
            last = _behind_legal_form(t, index, stop)
            if last == stop:
                continue
        elif first == index:
            continue
        # "GmbH & Co. KG" and "spol. s r.o." are matched whole; a full stop of the form belongs to it.
        if last < len(t) and t.raws[last] == "." and t.glued(last) and "." in form and not form.endswith("."):
            last += 1
        first, _ = names.strip(t, first, last)
        if first >= last:
            continue
        start, end = t.span(first, last)
        found.append(Span(start, end, "legal form", 0.9, legal=form))
    return found


def _is_legal_form(t: Tagged, index: int, stop: int) -> bool:
    """A legal form as written: with a capital, a dot or a slash ("A/S", "s.r.o."), or several words; "as" and "se" are other words."""
    text = t.words.text[t.words.starts[index] : t.words.ends[stop - 1]]
    if len(text) <= 3 and text.isalpha() and not text.isupper() and text not in _MIXED_FORMS:
        return False
    if stop < len(t) and t.glued(stop) and t.raws[stop] in {"'", "’"}:
        return False
    if any(letter.isupper() for letter in text) or "/" in text:
        return not (stop < len(t) and t.glued(stop) and (t.raws[stop].isalpha() or t.raws[stop].isdigit()))
    return text.count(".") >= 2 or (len(text) >= 5 and " " in text) or text in {"e.v.", "lda.", "ltd.", "ry", "zrt.", "kft."}


def _before_legal_form(t: Tagged, index: int) -> int:
    """The beginning of the name in front of a legal form; `index` where none stands there."""
    first = index
    comma = first > 0 and t.raws[first - 1] == "," and t.near[first]
    if comma:
        first -= 1
    if first == 0 or not t.near[first]:
        return index
    if t.raws[first - 1] in {"”", "“", "\"", "»", "’", "«"}:
        opened = next((k for k in range(first - 2, max(first - 10, -1), -1) if t.closing(k) == first - 1), None)
        return index if opened is None else opened
    small = 0
    while first > 0 and t.near[first] and not t.barred[first - 1] and index - first < 10:
        before = first - 1
        raw = t.raws[before]
        if t.capital[before]:
            if t.has(before, "apposition") and first < index and not t.head(before):
                break
            if (t.role[before] or t.event[before]) and first < index and t.opens_sentence(before):
                break
            first, small = before, 0
        elif raw in {"&", "-", "'", "’", "+", "."} and before >= 1 and (t.capital[before - 1] or raw == "-") and (raw != "." or len(t.raws[before - 1]) <= 4):
            first = before
        elif raw.isdigit() and before >= 1:
            first = before
        elif t.has(before, "link") and before >= 1 and t.capital[before - 1] and first < index and t.capital[first]:
            first = before - 1
        elif comma and small < 3 and raw[0].isalpha() and not t.stop[before] and not t.role[before] and not t.has(before, "apposition") and _capital_within(t, before, 3):
            first, small = before, small + 1
        else:
            break
    while first < index and not t.capital[first] and not t.raws[first].isdigit():
        first += 1
    return first if any(t.capital[k] for k in range(first, index)) else index


def _capital_within(t: Tagged, index: int, reach: int) -> bool:
    for at in range(index - 1, max(index - 1 - reach, -1), -1):
        if not t.near[at + 1] or t.stop[at] or t.has(at, "apposition"):
            return False
        if t.capital[at]:
            return True
    return False


def _behind_legal_form(t: Tagged, index: int, stop: int) -> int:
    """The end of the name behind a legal form in front of it; `stop` where none stands there."""
    if stop >= len(t) or not t.near[stop]:
        return stop
    close = t.closing(stop)
    if close is not None and t.raws[stop] in OPEN_QUOTES:
        return close + 1
    if not t.table.legal_first or not t.capital[stop] or not t.raws[index].isupper():
        return stop
    last = stop
    while last < len(t) and t.near[last] and not t.barred[last] and last - stop < 6 and (t.capital[last] or t.raws[last] in {"&", "-"}):
        last += 1
    return last


# -- well-known bodies, definitions, echoes ------------------------------------------------------------------


def by_table(t: Tagged, countries: Sequence[str]) -> list[Span]:
    """The forms of well-known bodies; acronyms letter by letter, of national bodies only in a language of their country."""
    found: list[Span] = []
    shouted = t.words.text.isupper()
    for key, row, cue in tables.find_bodies(t.words):
        if t.barred[cue.first]:
            continue
        body = tables.bodies()[row]
        low, high = cue.start, cue.end
        raw = t.words.text[low:high]
        glued = cue.last < len(t) and t.glued(cue.last) and (t.raws[cue.last][0].isalnum() or t.raws[cue.last] == "_")
        if glued or (cue.first > 0 and t.glued(cue.first) and t.raws[cue.first - 1][0].isalnum()):
            continue
        if key == "acronyms":
            home = body.country is None or body.country in countries
            if raw not in body.acronyms or not home or (shouted and len(t) > 4):
                continue
            found.append(Span(low + t.offset, high + t.offset, "well-known body", 0.8, body=row))
        elif key == "short":
            if raw == raw.lower() or (shouted and len(t) > 4):
                continue
            found.append(Span(low + t.offset, high + t.offset, "short form of a well-known body", 0.8, body=row, needs_form=True))
        elif body.acting and not any(t.role[k] for k in range(max(cue.first - 6, 0), min(cue.last + 4, len(t)))):
            continue
        elif raw != raw.lower() or (t.table.small_bodies and cue.last - cue.first > 1 and body.type in {"eu_body", "international"}):
            if cue.last - cue.first == 1 and not t.capital[cue.first]:
                continue
            high -= _ending_of_form(t, cue)
            found.append(Span(low + t.offset, high + t.offset, "well-known body", 0.85, body=row))
    return found


def _ending_of_form(t: Tagged, cue: Cue) -> int:
    """Characters of a case ending behind a form whose pattern allows any: "Europa-Kommissionen-s"."""
    if not cue.pattern.endswith("*"):
        return 0
    stem = Words.of(cue.pattern.removesuffix("*")).forms[-1]
    form = t.forms[cue.last - 1]
    rest = form[len(stem) :]
    return len(rest) if form.startswith(stem) and rest in t.table.endings else 0


def by_definitions(t: Tagged) -> list[Span]:
    """Names told by the short form in brackets behind them: "Foreningen for Ansvarlige Offentlige Indkøb (FAOI)"."""
    found: list[Span] = []
    for match in _DEFINED.finditer(t.words.text):
        short = match["short"].rstrip(".,;")
        letters = [c.lower() for c in short if c.isalpha()]
        if not 2 <= len(letters) <= 12 or not short[0].isupper():
            continue
        if not is_acronym(short.replace(" ", "")) and (len(letters) < 4 or short.islower()):
            continue
        _, last = t.words.within(0, match.start())
        if last == 0 or not t.words.text[t.words.ends[last - 1] : match.start()] in {" ", "\u00a0"}:
            continue
        first = _defined_from(t, last, letters)
        if first is None:
            continue
        if t.heads(first, last) or any("name" in t.tags[k] for k in range(first, last)):
            strength = STRONG
        else:
            strength = WEAK
        if not is_acronym(short.replace(" ", "")) and strength == WEAK:
            continue
        start, end = t.span(first, last)
        found.append(Span(start, end, "short form in brackets", strength, acronym=short, heads=[t.forms[k] for k in t.heads(first, last)]))
    return found


def _defined_from(t: Tagged, last: int, letters: list[str]) -> int | None:
    """The first word of the shortest name in front of word `last` whose initials, or letters in order, give a short form."""
    low = max(last - len(letters) - 6, 0)
    for first in range(last - 1, low - 1, -1):
        if not t.near[first + 1] if first + 1 < last else False:
            return None
        if t.barred[first] or t.raws[first] in {".", ":", ";", "(", ")"}:
            return None
        if not t.capital[first] or t.forms[first][0] != letters[0] or (t.stop[first] and t.opens_sentence(first) and t.head(first) is None):
            continue
        if _spells([t.forms[k] for k in range(first, last) if t.raws[k][0].isalpha()], letters, t):
            return first
    return None


def _spells(words: list[str], letters: list[str], t: Tagged) -> bool:
    """True when the initials of the words, small linking words optional, spell the letters; one word may give several of its letters."""
    at = 0
    for word in words:
        if at < len(letters) and word[0] == letters[at]:
            at += 1
            # Compounds give more than their first letter: "Forbrugerstyrelsen" F, S.
            inner = 1
            while at < len(letters) and len(word) >= 4 and inner < len(word) and len(words) < len(letters):
                place = word.find(letters[at], inner)
                if place < 0:
                    break
                inner, at = place + 1, at + 1
        elif word in t.table.stops or len(word) <= 3 or word in t.table.joiners:
            continue
        else:
            return False
    return at == len(letters)


# -- models, roles, fields -------------------------------------------------------------------------------------


def by_models(t: Tagged, entities: Iterable[Entity]) -> list[Span]:
    """What a model calls an organisation, cut at articles and grown over its head's name; a single ordinary word needs more support."""
    found: list[Span] = []
    for entity in entities:
        if entity.label != "ORG":
            continue
        first, last = t.within(entity.start, entity.end)
        if first >= last:
            continue
        first, last = names.strip(t, first, last)
        if first >= last or not any(t.capital[k] for k in range(first, last)) or any(t.barred[k] for k in range(first, last)):
            continue
        heads = t.heads(first, last)
        capitals = [k for k in range(first, last) if t.capital[k]]
        if not heads and all(t.has(k, "generic", "job", "apposition", "venue", "street") or t.event[k] for k in capitals):
            continue
        strength = LEAST
        if len(capitals) == 1 and not t.acronym(capitals[0]):
            # One ordinary word: a generic noun ("Amministrazione"), a place, a product.
            strength = 0.4
            if t.opens_sentence(first) or (heads and not t.has(first, "name")) or noun_like(t, first):
                continue
        if heads and all(t.has(k, "generic") or t.head(k) for k in capitals):
            continue
        if any(t.has(k, "venue", "street") for k in (first, last - 1)) and not any((h := t.head(k)) and h[0] == "head" for k in heads):
            strength = 0.35
        start, end = t.span(first, last)
        found.append(Span(start, end, "model", strength, heads=[t.forms[k] for k in heads]))
    return found


def noun_like(t: Tagged, index: int) -> bool:
    """True for a capital that says nothing: a noun in German."""
    return names.noun_capitals(t.language) and not t.acronym(index)


def by_roles(t: Tagged, sentence: Sentence) -> list[Span]:
    """Names in the place of a body: right in front of "organises", right behind "organised by"."""
    found: list[Span] = []
    for cue in sentence.with_tag("roles."):
        first, last = t.within(cue.start, cue.end)
        if first >= last:
            continue
        if cue.tag.endswith("_does") and not cue.tag.startswith("roles.speaker"):
            # Verbs come second in many languages: "Am 5. Mai veranstaltet die Stadt ...", "Seminář pořádá Úřad ...".
            found.extend(_name_before(t, first, cue) or _name_behind(t, last, cue))
        elif cue.tag.endswith("_by"):
            found.extend(_name_behind(t, last, cue))
    return found


def _name_before(t: Tagged, index: int, cue: Cue) -> list[Span]:
    last = index
    acronym = None
    if last >= 3 and t.raws[last - 1] == ")":
        opened = next((k for k in range(last - 2, max(last - 6, -1), -1) if t.raws[k] == "("), None)
        if opened is None:
            return []
        last = opened
        acronym = "".join(t.raws[k] for k in range(opened + 1, index - 1))
    first = last
    while first > 0 and (first == last or t.near[first]) and last - first < names.MAX_WORDS and not t.barred[first - 1]:
        if t.capital[first - 1] and not t.event[first - 1]:
            first -= 1
        elif (
            first - 2 >= 0
            and t.near[first - 1]
            and t.capital[first - 2]
            and first < last
            and (
                (t.has(first - 1, "link") and not t.joiner(first - 1) and t.forms[first - 1] not in t.table.loose)
                or (t.raws[first - 1] in {"-", "&", "'", "’"} and (t.glued(first - 1) or t.raws[first - 1] == "&"))
            )
        ):
            first -= 2
        else:
            break
    first, last = names.strip(t, first, last)
    return _role_span(t, first, last, cue, acronym)


def _name_behind(t: Tagged, index: int, cue: Cue) -> list[Span]:
    first = index
    while first < len(t) and t.near[first] and t.stop[first] and first - index < 3 and not t.capital[first]:
        first += 1
    if not (first < len(t) and t.capital[first] and t.near[first]):
        return []
    last = names.right(t, first, first + 1)
    first, last = names.strip(t, first, last)
    return _role_span(t, first, last, cue, None)


def _role_span(t: Tagged, first: int, last: int, cue: Cue, acronym: str | None) -> list[Span]:
    if first >= last or any(t.barred[k] for k in range(first, last)):
        return []
    capitals = [k for k in range(first, last) if t.capital[k]]
    short = any(t.acronym(k) for k in capitals)
    if len(capitals) < 2 and not short and acronym is None:
        return []
    if any(t.event[k] or t.has(k, "job") for k in capitals) or t.person[first]:
        return []
    if names.noun_capitals(t.language) and acronym is None and not short and not t.heads(first, last):
        return []
    if all(t.has(k, "generic") or t.head(k) for k in capitals):
        return []
    start, end = t.span(first, last)
    acronym = acronym if acronym and is_acronym(acronym) and len(acronym) <= 15 else None
    return [Span(start, end, f"in the place of a body ({cue.tag})", 0.6, acronym=acronym, heads=[t.forms[k] for k in t.heads(first, last)])]


def by_appositions(t: Tagged) -> list[Span]:
    """Names behind a noun that says what they are: "virksomheden Nordlys Energi", "la empresa Nubalia"."""
    found: list[Span] = []
    for index in range(len(t)):
        stop = t.tags[index].get("apposition")
        if stop is not None and stop + 1 < len(t) and not t.capital[stop] and t.near[stop] and t.table.follows and t.has(stop, "subject"):
            # "la asociación empresarial Madera y Territorio"
            stop += 1
        if stop is None or stop >= len(t) or not t.near[stop] or t.barred[stop] or (t.capital[index] and not names.noun_capitals(t.language)):
            continue
        close = t.closing(stop)
        if close is not None and stop + 1 < len(t) and t.capital[stop + 1]:
            start, end = t.span(stop + 1, close)
            found.append(Span(start, end, "behind a noun for a body", 0.6))
            continue
        if not t.capital[stop] or t.event[stop] or t.has(stop, "job", "apposition") or t.head(stop):
            continue
        if names.noun_capitals(t.language) and not (t.acronym(stop) or (stop + 1 < len(t) and t.capital[stop + 1] and t.near[stop + 1])):
            continue
        last = names.right(t, stop, stop + 1)
        first, last = names.strip(t, stop, last)
        if first < last and not all(t.has(k, "generic") for k in range(first, last) if t.capital[k]):
            start, end = t.span(first, last)
            found.append(Span(start, end, "behind a noun for a body", 0.55))
    return found


def by_field(t: Tagged, context: Context, start: int, end: int) -> list[Span]:
    """The value of a field for a body, cut at commas and line ends where each piece is a name of its own."""
    value = context.text(start, end)
    sentence = context.sentence_at(start)
    cues = [(c.start - start, c.end - start) for c in (sentence.with_tag("roles.") if sentence else []) if c.start > start and c.end <= end]
    pieces: list[tuple[int, int]] = []
    at = 0
    for low, high in sorted([*((match.start(), match.end()) for match in _LIST_MARKS.finditer(value)), *cues]):
        if low >= at:
            pieces.append((at, low))
            at = high
    pieces.append((at, len(value)))
    found: list[Span] = []
    for low, high in pieces:
        first, last = t.within(start + low, start + high)
        for number, (begin, stop) in enumerate(_joined_names(t, first, last)):
            span = _field_name(t, begin, stop, whole=low == 0 and number == 0)
            if span is not None:
                found.append(span)
    return found


def _joined_names(t: Tagged, first: int, last: int) -> list[tuple[int, int]]:
    """The parts of "Luleå kommun och Region Norrbotten": cut at "and" where a head stands on both sides."""
    parts = []
    begin = first
    for index in range(first, last):
        headed = any(t.head(k) or t.has(k, "legal", "name") for k in range(begin, index))
        if t.joiner(index) and headed and t.raws[index - 1] != "-" and (names.own_head(t, index + 1) or _small_headed(t, index + 1, last)):
            parts.append((begin, index))
            begin = index + 1
    return [*parts, (begin, last)]


def _small_headed(t: Tagged, first: int, last: int) -> bool:
    """True for a name with a capital in front of a small head: "Tampereen kaupunki"."""
    return first < last and t.capital[first] and any(t.head(k) for k in range(first, min(last, first + 6)))


def _field_name(t: Tagged, first: int, last: int, *, whole: bool) -> Span | None:
    """The name a piece of a field's value is, or None. Further pieces ("Danish Business Authority, Copenhagen") need a head of their own."""
    if first >= last or not any(t.capital[k] for k in range(first, last)) or any(t.barred[k] for k in range(first, last)):
        return None
    if not whole and not any(t.has(k, "legal", "name") or (t.head(k) and (t.capital[k] or k > first)) for k in range(first, last)):
        return None
    first, last = names.strip(t, first, last)
    last = next((k for k in range(first + 1, last) if t.raws[k] == "("), last)
    capitals = [k for k in range(first, last) if t.capital[k]]
    if first >= last or last - first > names.MAX_WORDS or not capitals or all(t.has(k, "generic", "job") for k in capitals):
        return None
    start, end = t.span(first, last)
    return Span(start, end, "field", 0.85, heads=[t.forms[k] for k in t.heads(first, last)])
