"""Venues in running text: 'at the Hotel Astoria', 'in der Stadthalle Wien', 'på Münchenbryggeriet i Stockholm'.

It says where a name begins and ends, and what in the sentence makes it a venue; it does not read fields and lines of parts.
"""

from __future__ import annotations

import re
from bisect import bisect_left

from extractors.places.gazetteer import lookup
from extractors.places.venue_text import BARE_NAME_WORDS, HOUSE_NUMBER, LONGEST_VENUE, POSTAL, VenueText, lookup_is_place
from extractors.places.vocabulary import BODY, EVENT, HEAD, LABEL, STREET
from schemas import PlaceMention

_NAME_WORDS = 9
_JOINTS = frozenset(("", " ", "\u00a0", "-", "‑", "&", " & ", "'", "’", ".", ". ", " № ", " №", "+", " + "))
_QUOTED_IN_FRONT = re.compile(r"[„“«\"][^„“”«»\"\n]{2,50}[“”»\"][ \u00a0]$")


class VenueNames(VenueText):
    """Venues in sentences: names around a head word, and names that only what stands beside them makes venues."""

    def _in_prose(self) -> list[tuple[tuple[int, int], str]]:
        """'at the Hotel Astoria', 'in der Stadthalle Wien', 'à la Maison de l'Europe'."""
        found: list[tuple[tuple[int, int], str]] = []
        index = 0
        while index < len(self.words):
            span = self._at(index)
            if span is None or (found and span[0] < found[-1][0][1]):
                index += 1
                continue
            found.append((span, "venue:head"))
            while index < len(self.words) and self.words[index].start < span[1]:
                index += 1
        return found

    def _at(self, index: int) -> tuple[int, int] | None:
        """The venue whose head begins at word `index`, with its room and building joined, or None."""
        named = self._named(index)
        if named is None:
            return None
        first, last, end, plain = named
        start = self._quote_in_front(first)
        if self.bits[index] & STREET and first == index and POSTAL.match(self.text[end:].lstrip(" ,\u00a0")[:12]):
            return None
        named_so = self.vocabulary.heads.named(self.keys[index]) or self._preposition(first)
        if not named_so and self.proposed.overlaps(self.words[index].start, self.words[index].end):
            return None
        support = self._supported(first, index, last)
        if not support and not self._set_apart(first, end):
            return None
        closed = self._closed(last, end)
        if plain and self.bits[index] & EVENT:
            return None
        town_close = plain and self.words[index].capital and not self.noun_capitals and self._town_just_before(start)
        if plain and not (town_close or closed == "town" or (support and (self._compound(index, last) or self._town_in_front(first)))):
            return None
        if self._is_body(start, end) and not (support and (closed == "town" or self._told(start, end))):
            return None
        if not plain and not closed and not self._told(start, end) and self._small(index, last):
            return None
        end = self._with_building(last, self._with_body(first, index, end))
        if end - start > LONGEST_VENUE or self._swallowed(start, end):
            return None
        return start, end

    def _named(self, index: int) -> tuple[int, int, int, bool] | None:
        """First and last word and the end of the name around the head at `index`; True where it is nothing but the head."""
        size = self._head(index)
        if not size or self._barred(index):
            return None
        last = index + size - 1
        first = self._left(index)
        right = self._right(last)
        end = self._quoted(right, self.words[right].end)
        if end == self.words[right].end:
            right = self._completed(first, index, right)
            end = self._quoted(right, self.words[right].end)
        names = [at for at in range(first, right + 1) if self.words[at].capital or self.keys[at].isdigit()]
        quoted = end > self.words[right].end or self._quote_in_front(first) < self.words[first].start
        plain = first == index and right == last and not quoted
        if not plain and not names and not quoted and size < 2:
            return None
        if plain and not self.words[index].capital and size < 2:
            return None
        return first, right, end, plain

    def _left(self, index: int) -> int:
        """The first word of the name: capitalised words in front of the head ('Clarion Hotel'), and what may stand between."""
        first = index
        while first > 0 and index - first < _NAME_WORDS:
            before, gap = self.words[first - 1], self._gap(first - 1)
            if gap not in (" ", "\u00a0", "-", "&", " & ", "'", "’") or self._barred(first - 1) or before.key.isdigit():
                break
            if not before.capital:
                if not self._modifier(first - 1):
                    break
                first -= 2
                continue
            if before.key in self.vocabulary.before or (self._starts_sentence(first - 1) and before.key in self.vocabulary.inside):
                break
            if before.key in self.known.function_words and not (self._starts_sentence(first - 1) and len(before.text) == 3):
                break
            place = self._locative_place(before)
            if place and gap != "-":
                break
            # The first word of a sentence belongs to a name in small letters only if the form says "in": 'Valdovų rūmuose'.
            opens = self._starts_sentence(first - 1) and gap == " " and not self.words[index].capital
            if opens and not self._genitive_place(before) and (not self._says_in(index) or self.bits[first - 1] & EVENT):
                break
            first -= 1
        return first

    def _modifier(self, index: int) -> bool:
        """A small word that may stand between a name and its head: 'Moravské zemské knihovně', 'VDU didžiojoje auloje'."""
        word = self.words[index]
        if not self.vocabulary.modifiers or index < 1 or len(word.key) < 4 or self._gap(index - 1) != " ":
            return False
        if word.key in self.known.function_words or word.key in self.vocabulary.before or self.bits[index] & EVENT:
            return False
        before = self.words[index - 1]
        if not before.capital or self._barred(index - 1) or self._locative_place(before) or before.key in self.vocabulary.before:
            return False
        return not self._starts_sentence(index - 1) or self._genitive_place(before)

    def _right(self, head: int) -> int:
        """The last word: capitalised words, numbers and small words between them, behind the head; no town that follows with "in"."""
        last = head
        at = head + 1
        while at < len(self.words) and at - head <= _NAME_WORDS:
            gap, word = self._gap(at - 1), self.words[at]
            if gap not in _JOINTS or self._barred(at):
                break
            if gap[:1] == "." and len(self.words[at - 1].text) > 3:
                break
            if gap in ("'", "’") and self.known.endings.clitics:
                break
            if word.capital:
                if (word.key in self.known.honorifics and at > head + 1) or (
                    self._locative_place(word) and not (at == head + 1 and self._names_after(head))
                ):
                    break
                if len(word.text) == 1 and word.key in self.vocabulary.before and at + 1 < len(self.words):
                    break
                last = at
            elif word.key.isdigit():
                if len(word.text) > 4 or re.fullmatch(r"(?:19|20)\d\d", word.text) or self._ordinal(at):
                    break
                last = at
            elif gap == " " and self.bits[at] & HEAD and len(word.key) > 4 and not self.bits[at] & EVENT and self._head_joins(at, last):
                last = at
            elif word.key in self.vocabulary.before or (word.key not in self.vocabulary.inside and not self._short_mark(at)):
                if not self._modified_head(at, last) and not self._adjective(head, at):
                    break
            elif word.key in self.known.conjunctions and word.key not in self.vocabulary.genitive and not self._goes_on(head, at):
                break
            at += 1
        return last

    def _names_after(self, head: int) -> bool:
        """A head in its plain form, with the case on the name behind it: 'hotelli Albassa'."""
        return not self.words[head].capital and self.vocabulary.modifiers and not self._says_in(head)

    def _adjective(self, head: int, at: int) -> bool:
        """An adjective between a head in small letters and what it belongs to: 'sala consiliare del Comune'."""
        if at != head + 1 or self.words[head].capital or at + 1 >= len(self.words) or self._gap(at) not in (" ", "\u00a0"):
            return False
        word = self.words[at]
        if word.key in self.known.function_words or word.key in self.vocabulary.before or self.bits[at] & EVENT or len(word.key) < 4:
            return False
        return self.keys[at + 1] in self.vocabulary.genitive

    def _head_joins(self, at: int, last: int) -> bool:
        return at == last + 1 or (at == last + 2 and self._modified_head(at - 1, last))

    def _modified_head(self, at: int, last: int) -> bool:
        """An adjective in small letters between a name and its second head: 'залі Вінницької обласної філармонії'."""
        if not self.vocabulary.modifiers or at != last + 1 or not self.words[last].capital or at + 1 >= len(self.words):
            return False
        word, head = self.words[at], self.words[at + 1]
        if word.key in self.known.function_words or word.key in self.vocabulary.before or self.bits[at] & EVENT or len(word.key) < 4:
            return False
        return self._gap(at) == " " and not head.capital and bool(self.bits[at + 1] & (HEAD | BODY)) and len(head.key) > 4

    def _goes_on(self, head: int, at: int) -> bool:
        """A name may go on behind "and": 'Museum of Science and Industry', 'Centrum Kultury i Sztuki', not 'Hotel X and Mr Y'."""
        if at + 1 >= len(self.words) or self._head(at + 1):
            return False
        tied = any(self.keys[word] in self.vocabulary.inside for word in range(head + 1, at))
        return tied or self._gap(at - 1).strip() == "&" or (self.vocabulary.modifiers and at - head == 2)

    def _short_mark(self, index: int) -> bool:
        """'nr', 'č.', 'No' in front of a number."""
        following = self.words[index + 1] if index + 1 < len(self.words) else None
        return (
            following is not None and len(self.words[index].text) <= 3 and following.key.isdigit() and self._gap(index) in (" ", ". ", ".")
        )

    def _ordinal(self, index: int) -> bool:
        """A number that begins a date: '24. november'."""
        end = self.words[index].end
        if self.text[end : end + 1] != "." and not self.text[end : end + 1].isspace():
            return False
        following = self.words[index + 1] if index + 1 < len(self.words) else None
        return following is not None and following.key in self.known.calendar

    def _completed(self, first: int, head: int, last: int) -> int:
        """The last word with a complement in small letters, where what follows ends the name: 'Cité des sciences, Paris'."""
        if last + 1 >= len(self.words) or not (head in (first, last) or self.vocabulary.modifiers):
            return last
        if self._small_complement(head, last):
            return last + 1
        tied = False
        for at in range(last + 1, min(len(self.words), last + 5)):
            gap, word = self._gap(at - 1), self.words[at]
            if gap not in (" ", "\u00a0", "'", "’") or self._barred(at) or word.capital or word.key.isdigit() or word.masked:
                return last
            if word.key in self.vocabulary.before:
                return last
            if word.key in self.vocabulary.genitive or (tied and word.key in self.vocabulary.inside):
                tied = True
                continue
            if word.key in self.known.function_words or self.bits[at] & EVENT:
                if not (tied and word.key in self.vocabulary.inside):
                    return last
                continue
            if not tied and not (self.vocabulary.modifiers and self.words[head].capital and at == last + 1):
                return last
            if self._closed(at, word.end) == "town" or (tied and self._ends(word.end)):
                return at
        return last

    def _small_complement(self, head: int, last: int) -> bool:
        """One word in small letters that ends a name of its own: 'Палаці дозвілля «Листопад»', 'у Будинку вчителя.'"""
        at = last + 1
        word = self.words[at]
        if last != head or not self.vocabulary.modifiers or not self.words[head].capital or self._gap(last) != " " or word.capital:
            return False
        if len(word.key) < 5 or word.key in self.known.function_words or word.key in self.vocabulary.before or self._barred(at):
            return False
        if self.bits[at] & EVENT or word.key in self.vocabulary.inside or not word.key.isalpha():
            return False
        quoted = self._quoted(at, word.end) > word.end
        return quoted or bool(re.match(r"[.,;)\n]|$", self.text[word.end : word.end + 1]))

    def _quote_in_front(self, first: int) -> int:
        """Where the name begins: in front of a name in quotation marks that stands before its head ('„Ekrano“ konferencijų centre')."""
        start = self.words[first].start
        match = _QUOTED_IN_FRONT.search(self.text, max(0, start - 62), start)
        return match.start() if match and first and not self.words[first].capital else start

    def _supported(self, first: int, head: int, last: int) -> bool:
        """The sentence says that something is there: a preposition, a form that says "in", a date or a town in front."""
        if self._preposition(first) or self._behind_label(first):
            return True
        if any(self._says_in(at) for at in range(head, min(last, head + 2) + 1)):
            return True
        if last > head and self.known.endings.locative and not self.words[head].capital:
            letters = self.keys[last]
            if len(letters) > 5 and letters.endswith(tuple(ending for ending in self.known.endings.locative if len(ending) > 2)):
                return True
        if self._clitic(last):
            return True
        if self._town_in_front(first) or self._behind_date(first):
            return True
        if not self._preposition(first, towards=True):
            return False
        gathering = any(bit & EVENT for bit in self.bits[max(0, first - 5) : max(0, first - 1)])
        return gathering or self._closed(last, self.words[last].end) == "town"

    def _says_in(self, index: int) -> bool:
        """A head in a form that says "in": 'rūmuose', 'kongresų centre'."""
        if index >= len(self.words) or not (self.bits[index] & HEAD or (index and self._head(index - 1) == 2)):
            return False
        return self.vocabulary.locative(self.words[index].text, self.keys[index])

    def _town_in_front(self, first: int) -> bool:
        """A town in a form that says "in" right in front: 'Tallinnas Kultuurikatlas'."""
        return first > 0 and self._locative_place(self.words[first - 1]) and self._gap(first - 1) in (" ", ", ")

    def _behind_label(self, first: int) -> bool:
        """A word for place or venue stands in front in the sentence: 'A konzultáció helyszíne a ... Székháza'."""
        for at in range(first - 1, max(-1, first - 4), -1):
            gap = self._gap(at)
            if gap.strip(" \u00a0:'’"):
                return False
            if self.bits[at] & LABEL:
                return True
        return False

    def _clitic(self, last: int) -> bool:
        following = self.words[last + 1] if last + 1 < len(self.words) else None
        return following is not None and self._gap(last) in ("'", "’") and following.key in self.known.endings.clitics

    def _set_apart(self, first: int, end: int) -> bool:
        """'..., Hotel Astoria, Budapest', 'Venue unchanged: Hotel Astoria, Kossuth tér 19': set off, with a town or street behind."""
        start = self.words[first].start
        lead = self.text[max(0, start - 3) : start]
        if not re.search(r"(?:,|:|[–—|(•·]|\n|^)\s*[„“«\"]?$", lead):
            return False
        if self.footers.overlaps(start, end):
            return False
        behind = re.match(r"[ \u00a0]?[,(|–—][ \u00a0]", self.text[end : end + 3])
        if not behind:
            return False
        at = end + behind.end()
        return self._town_begins(at) or bool(self._street_range(at))

    def _closed(self, last: int, end: int) -> str:
        """What ends the name: "town" where one follows with a preposition, a form that says "in" or a comma, "mark", or nothing."""
        if last + 1 < len(self.words):
            following = self.words[last + 1]
            gap = self.text[end : following.start]
            if gap in (" ", "\u00a0"):
                if self._locative_place(following):
                    return "town"
                if following.key in self.vocabulary.before:
                    for at in (last + 2, last + 3):
                        if at < len(self.words) and self._place_of(self.words[at]):
                            return "town"
            elif gap in (", ", " (", " – ", " | ", " - ", " — "):
                at = following.start
                if self._town_begins(at) or self._street_range(at):
                    return "town"
                if following.key in self.vocabulary.before and last + 2 < len(self.words) and self._place_of(self.words[last + 2]):
                    return "town"
        return "mark" if self._ends(end) else ""

    def _town_just_before(self, start: int) -> bool:
        """'i Skövde, på Kulturhuset': a town and a preposition right in front."""
        before = self._mentions(max(0, start - 40), start)
        return bool(before) and before[-1].kind == "city" and start - (before[-1].evidence.end or 0) <= 8

    def _compound(self, index: int, last: int) -> bool:
        """One long word that is a name by itself: 'Tekstilhuset', 'Provinciehuis'; not where all nouns have capitals."""
        word = self.words[index]
        if self.noun_capitals or self._starts_sentence(index) or index != last:
            return False
        if self.bits[index] & EVENT:
            return False
        return word.capital and len(word.key) > 6 and not self.vocabulary.heads.named(word.key)

    def _small(self, head: int, last: int) -> bool:
        """A head in small letters: 'w siedzibie ZDM'."""
        return not self.words[head].capital and last >= head

    def _swallowed(self, start: int, end: int) -> bool:
        """Inside a longer organisation's name that begins in front of it."""
        first = bisect_left(self.starts, start)
        led = first > 0 and (self._preposition(first) or self._preposition(first, towards=True))
        return not led and any(left < start and end <= right for left, right in self.organisations.over(start, end))

    def _with_body(self, first: int, head: int, end: int) -> int:
        """The end moved to that of an organisation's name that begins in the venue's: 'sediul Camerei de Comerț, Industrie ...'."""
        for left, right in self.organisations.over(self.words[head].end, end):
            town = next((place for place in self._mentions(left, right) if (place.evidence.end or 0) == right), None)
            if town is not None:
                at = bisect_left(self.starts, town.evidence.start or 0)
                stop = self.words[at - 2].end if self.words[at - 1].key in self.vocabulary.before else left
            else:
                stop = self._without_last_town(left, right)
            if left > self.words[first].start and stop > end and "\n" not in self.text[end:stop]:
                return stop
        return end

    def _without_last_town(self, start: int, end: int) -> int:
        """The end of a body's name without a preposition and a town at its end."""
        _, last = self._between(start, end)
        if last < 3 or self.words[last - 3].start < start or self.words[last - 2].key not in self.vocabulary.before:
            return end
        town = next(iter(lookup(self.words[last - 1].text, language=self.language)), None)
        return self.words[last - 3].end if town is not None and town.kind == "city" else end

    def _with_building(self, last: int, end: int) -> int:
        """The end moved behind a building or room that follows: 'Sala Verde, Palazzo Rossi', 'Aula im Hauptgebäude'."""
        for _ in range(2):
            at = bisect_left(self.starts, end)
            if at >= len(self.words):
                return end
            gap = self.text[end : self.words[at].start]
            if gap.strip(" \u00a0") == "," and len(gap) <= 3:
                named = self._piece_named(at)
            elif gap == " " and self.words[at].key in self.vocabulary.at and not self.words[at].capital:
                nexts = [at + 1] if not self._article(at + 1) else [at + 2]
                named = next((n for n in (self._piece_named(n) for n in nexts if n < len(self.words)) if n is not None), None)
                if named is not None and (self.words[nexts[0]].start - end > 16 or self._head(named[0]) == 0):
                    named = None
            else:
                return end
            if named is None:
                return end
            end = named[1]
        return end

    def _piece_named(self, at: int) -> tuple[int, int] | None:
        """A venue's name that begins exactly at word `at`: its head's index and its end."""
        for head in range(at, min(len(self.words), at + 4)):
            if self._head(head):
                named = self._named(head)
                if named is None or named[0] != at:
                    return None
                first, _, end, plain = named
                if plain and not self.words[at].capital:
                    return None
                if self._place_of(self.words[at]) or self._is_body(self.words[first].start, end):
                    return None
                if self._numbered_street(self.words[first].start, end):
                    return None
                return head, end
            if not self.words[head].capital:
                return None
        return None

    def _numbered_street(self, start: int, end: int) -> bool:
        first, last = self._between(start, end)
        return self._street(first, last) and bool(HOUSE_NUMBER.search(self.text, start, end + 6))

    def _bare_names(self) -> list[tuple[tuple[int, int], str]]:
        """'at Tour & Taxis, Brussels', 'på Münchenbryggeriet i Stockholm': a name between a preposition or date and a town."""
        found: list[tuple[tuple[int, int], str]] = []
        for place in self.places:
            town = place.evidence.start or 0
            if place.kind != "city":
                continue
            span = self._bare_before(bisect_left(self.starts, town), place)
            if span and (not found or found[-1][0][1] <= span[0]):
                found.append((span, "venue:before_town"))
        return found

    def _bare_before(self, index: int, place: PlaceMention) -> tuple[int, int] | None:
        if index < 2:
            return None
        last = index - 1
        gap = self.text[self.words[last].end : place.evidence.start]
        if gap in (" ", "\u00a0") and self.words[last].key in self.vocabulary.before and not self.words[last].capital:
            last -= 1
            gap = self._gap(last)
            if gap not in (" ", ", "):
                return None
        elif gap in (" ", "\u00a0") and "locative" in place.evidence.rule:
            pass
        elif gap not in (", ", " (", " – ", "” in "):
            return None
        first = last
        while first >= 0 and last - first < BARE_NAME_WORDS:
            word = self.words[first]
            if self._barred(first) or self.proposed.overlaps(word.start, word.end):
                break
            if not (word.capital or word.key in self.vocabulary.inside or (word.key.isdigit() and first != last)):
                break
            if word.key in self.vocabulary.before and not (word.capital and not self._starts_sentence(first)):
                break
            if first > 0 and self._gap(first - 1) not in (" ", "\u00a0", "&", " & ", "-", "'", "’", " + "):
                first -= 1
                break
            first -= 1
        first += 1
        while first <= last and not self.words[first].capital:
            first += 1
        if first > last or first < 1 or not self.words[last].capital:
            return None
        start, end = self.words[first].start, self.words[last].end
        if not (self._preposition(first) or self._behind_date(first)):
            return None
        if self._mentions(start, end) or self._is_named_otherwise(first, last, start, end) or not self._told(start, end):
            return None
        return start, end

    def _before_streets(self) -> list[tuple[tuple[int, int], str]]:
        """'på Dokk1, Hack Kampmanns Plads 2': a name between a preposition and a street with its number."""
        found: list[tuple[tuple[int, int], str]] = []
        for index in range(len(self.words) - 1):
            if self.keys[index] not in self.vocabulary.at or self.words[index].capital:
                continue
            first = last = index + 1
            while first < len(self.words) - 1 and self._article(first) and self._gap(first - 1) == " ":
                first += 1
            last = first
            while last + 1 < len(self.words) and last - first < BARE_NAME_WORDS:
                gap, word = self._gap(last), self.words[last + 1]
                if gap not in ("", " ", "\u00a0", "&", " & ", "-", "'", "’") or self._barred(last + 1):
                    break
                if not (word.capital or word.key.isdigit() or word.key in self.vocabulary.inside):
                    break
                last += 1
            start, end = self.words[first].start, self.words[last].end
            if not self.words[first].capital or self._barred(first) or self.text[end : end + 2] != ", ":
                continue
            if not self._street_range(end + 2) or self._mentions(start, end) or not self._told(start, end):
                continue
            if not self._is_named_otherwise(first, last, start, end):
                found.append(((start, end), "venue:before_street"))
        return found

    def _is_named_otherwise(self, first: int, last: int, start: int, end: int) -> bool:
        """An organisation, a gathering, a place, an online room, or a word of the calendar."""
        gathering = self._has(EVENT, first, last + 1) and "&" not in self.text[start:end]
        if self._has(BODY, first, last + 1) or gathering or self._online(first, last + 1):
            return True
        value = self.text[start:end]
        if value.isupper() and len(value) <= 5:
            return True
        if first == last and (self.noun_capitals or self.keys[first] in self.known.common or len(value) < 5):
            return True
        if self._street(first, last + 1) and bool(re.search(r"\d", value)):
            return True
        return lookup_is_place(value, self.language)
