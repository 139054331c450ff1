"""Bodies named in a document: spans from models, head words, legal forms, brackets and roles, grouped into one entry a body.

Models only propose; head words, legal forms and position decide. A name that is a place, a person, a programme
or an event's title is no organisation.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources

from extractors.events.context import Context, Sentence
from extractors.lexicon import Cue, Matcher, Words, auxiliaries, function_words, load
from extractors.ner import Entity
from schemas import BlockKind, Evidence, Organisation

_ORGANISATION_FIELDS = frozenset({"organiser", "host", "partner", "buyer", "funder", "organisation"})
_LIST_MARKS = re.compile(r"\s*(?:[,;]|\s[–—-]\s|\n|/| \| )\s*")
_BRACKET = re.compile(r"\s?\((?P<short>[^\W_][\w&./\- ]{1,18})\)")
_MAX_WORDS = 14


@dataclass(slots=True)
class Span:
    """A proposed name with what speaks for it."""

    start: int
    end: int
    rule: str
    strength: float
    acronym: str | None = None
    legal: bool = False
    heads: list[str] = field(default_factory=list)


@lru_cache(maxsize=1)
def _not_names() -> frozenset[str]:
    data = tomllib.loads(resources.files("extractors").joinpath("data", "not_organisations.toml").read_text("utf-8"))
    return frozenset(data["short_forms"])


@lru_cache(maxsize=1)
def _not_heads() -> Matcher:
    data = tomllib.loads(resources.files("extractors").joinpath("data", "not_organisations.toml").read_text("utf-8"))
    return Matcher({"not": data["not_heads"]})


@lru_cache(maxsize=64)
def _matcher(language: str) -> Matcher:
    """Head words, legal forms and words allowed inside names, of the language and of English."""
    tags: dict[str, list[str]] = {"head": [], "weak": [], "legal": [], "inside": [], "job": []}
    tags["job"] = [title.removesuffix(" *") for title in load(language).people.job_titles]
    for code in dict.fromkeys([load(language).code, "en"]):
        words = load(code).organisations if code != "und" else load("en").organisations
        weak = set(words.weak_heads)
        tags["head"].extend(head for head in words.heads if head not in weak)
        tags["weak"].extend(words.weak_heads)
        tags["legal"].extend(words.legal_forms)
        if code == load(language).code:
            tags["inside"].extend([*words.inside, "&"])
    tags["inside"].extend(["of", "for", "and"])
    return Matcher(tags)


@lru_cache(maxsize=64)
def _and_words(language: str) -> frozenset[str]:
    return frozenset([*load(language).dates.and_, "and", "&"])


class _Text:
    """The words of one block with the tags that matter for names."""

    def __init__(self, context: Context, start: int, end: int, language: str) -> None:
        self.offset = start
        self.words = Words.of(context.text(start, end))
        self.language = language
        self.tags: list[dict[str, int]] = [{} for _ in self.words.forms]
        for cue in _matcher(language).find(self.words):
            self.tags[cue.first][cue.tag] = cue.last
        self.stops = function_words(language)
        self.joiners = _and_words(language)
        lexicon = load(language)
        self.verbs = auxiliaries(language)
        self.never = frozenset(lexicon.organisations.not_names)

    def raw(self, index: int) -> str:
        return self.words.text[self.words.starts[index] : self.words.ends[index]]

    def capital(self, index: int) -> bool:
        """A word with a capital letter in it, or a figure glued into a name."""
        if not 0 <= index < len(self.words):
            return False
        raw = self.raw(index)
        return raw[0].isalpha() and any(letter.isupper() for letter in raw)

    def near(self, index: int) -> bool:
        """True when the word at `index` follows the one before over at most a space on the same line."""
        return 0 < index < len(self.words) and self.words.text[self.words.ends[index - 1] : self.words.starts[index]] in {"", " "}

    def sentence_start(self, index: int) -> bool:
        if index == 0:
            return True
        return self.words.forms[index - 1] in {".", "!", "?", ":", "•", "-", "–", "*", "“", '"'} or not self.near(index)

    def span(self, first: int, last: int) -> tuple[int, int]:
        return self.words.starts[first] + self.offset, self.words.ends[last - 1] + self.offset


def find(
    context: Context, entities: Sequence[Entity], *, taken: Sequence[tuple[int, int]] = (), programmes: Sequence[tuple[int, int]] = ()
) -> list[Organisation]:
    """The bodies of a document, in order of their first mention.

    `entities` are model proposals with document offsets; `taken` are spans that are something else (dates,
    e-mails, links), `programmes` those of programmes and projects.
    """
    document = context.document
    spans: list[Span] = []
    for index, block in enumerate(document.blocks):
        language = block.language or context.language
        start, end = (block.value.start, block.value.end) if block.value is not None else (block.start, block.end)
        text = _Text(context, start, end, language)
        inside = [entity for entity in entities if start <= entity.start and entity.end <= end]
        spans.extend(_by_heads(text))
        spans.extend(_by_models(text, inside))
        for span in spans:
            # A weak head ("Region", "Network") counts where a model sees a name there too.
            if span.rule == "head word" and span.strength < 0.5 and any(e.start < span.end and span.start < e.end and e.label != "PER" for e in inside):
                span.strength = 0.55
        for sentence in context.by_block[index]:
            spans.extend(_by_roles(context, text, sentence))
            spans.extend(_small_names(text, sentence))
            if sentence.with_tag("roles."):
                for span in spans:
                    if span.rule == "head word" and sentence.start <= span.start < sentence.end and span.strength < 0.5:
                        span.strength += 0.1
        if context.field_keys[index] in _ORGANISATION_FIELDS and block.value is not None:
            spans.extend(_by_field(context, text, block.value.start, block.value.end))
        if block.kind in {BlockKind.TITLE, BlockKind.HEADING}:
            # Headings are full of capitals: only names with a head or a legal form of their own count.
            spans = [s for s in spans if not (start <= s.start < end) or s.legal or s.heads]
    people = [(e.start, e.end) for e in entities if e.label == "PER"]
    spans.extend(_short_subjects(context))
    names = {fold_name(context.text(start, end)) for start, end in programmes}
    spans = [span for span in spans if not _common(context, span) and not _of_programme(context, span, programmes, names)]
    merged = _merge(context, spans, [*taken, *programmes], people)
    merged = _lists(context, merged)
    return _group(context, merged)


# -- proposals ---------------------------------------------------------------------------------------


def _grow(text: _Text, first: int, last: int) -> tuple[int, int]:
    """Extend a head over the capitalised words and the linking words of its name."""
    while first > 0 and text.near(first) and last - first < _MAX_WORDS:
        if text.capital(first - 1):
            first -= 1
        elif (
            text.raw(first - 1) in {"-", "'", "’", "&", "/", "."}
            and first >= 2
            and text.capital(first - 2)
            and text.near(first - 1)
            and not (text.raw(first - 1) == "." and len(text.raw(first - 2)) > 3)
        ):
            first -= 2
        elif "inside" in text.tags[first - 1] and text.capital(first - 2) and text.near(first - 1) and text.capital(first):
            # "Friuli Innovazione Research and Technology Transfer Centre": two capitals in front and no head among them.
            if text.words.forms[first - 1] in text.joiners and (
                _acronym(text.raw(first - 2))
                or not (text.capital(first - 3) and text.near(first - 2))
                or {"head", "legal"} & set(text.tags[first - 2])
            ):
                break
            first -= 2
        else:
            break
    while last < len(text.words) and text.near(last) and last - first < _MAX_WORDS:
        if text.capital(last) or (text.raw(last).isdigit() and text.words.text[text.words.ends[last - 1] : text.words.starts[last]] == ""):
            last += 1
        elif text.raw(last) in {"-", "'", "’", "&", "/"} and text.capital(last + 1) and text.near(last + 1):
            last += 2
        elif "inside" in text.tags[last]:
            behind = last + 1
            while (
                behind < len(text.words)
                and behind - last <= 2
                and ("inside" in text.tags[behind] or text.raw(behind) in {"'", "’"})
                and text.near(behind)
            ):
                behind += 1
            if not (text.capital(behind) and text.near(behind)):
                break
            if text.words.forms[last] in text.joiners and (_own_head(text, behind) or not _may_join(text, first, last, behind)):
                break
            last = behind + 1
        else:
            break
    return first, last


def _may_join(text: _Text, first: int, last: int, behind: int) -> bool:
    """True when "and" goes on inside the name: behind a linking word ("Ministry of Health and Care"), never behind a head or before a short form."""
    if {"head", "weak", "legal"} & set(text.tags[last - 1]) or _acronym(text.raw(behind)):
        return False
    return any("inside" in text.tags[index] for index in range(first, last))


def _own_head(text: _Text, index: int) -> bool:
    """True when the capitalised words from `index` on have a head of their own: a second body, not more of the first."""
    stop = index
    while stop < len(text.words) and (stop == index or text.near(stop)) and (text.capital(stop) or "inside" in text.tags[stop]):
        if {"head", "weak", "legal"} & set(text.tags[stop]):
            return True
        stop += 1
    return False


def _strip(text: _Text, first: int, last: int) -> tuple[int, int]:
    """Take articles, prepositions and other lower-case or sentence-opening function words off both ends."""
    while first < last and (
        text.tags[first].get("job", last) < last
        or not text.raw(first)[0].isalnum()
        or (
            text.words.forms[first] in text.stops
            and (not text.capital(first) or text.sentence_start(first))
            and "head" not in text.tags[first]
        )
        or (text.words.forms[first] in text.never and text.sentence_start(first))
    ):
        first += 1
    while last > first and (
        not text.raw(last - 1)[0].isalnum()
        and text.raw(last - 1) not in {".", ")"}
        or (text.words.forms[last - 1] in text.stops and not text.capital(last - 1))
    ):
        last -= 1
    return first, last


def _by_heads(text: _Text) -> list[Span]:
    found: list[Span] = []
    index = 0
    while index < len(text.words):
        tags = text.tags[index]
        tag = next((name for name in ("head", "weak") if name in tags), None)
        if "legal" in tags and text.capital(index - 1) and text.near(index):
            first, last = index, tags["legal"]
            while (
                first > 0
                and text.near(first)
                and (
                    text.capital(first - 1)
                    or text.raw(first - 1) in {"&", "-", "'", "’"}
                    or ("inside" in text.tags[first - 1] and text.capital(first - 2))
                )
            ):
                first -= 1
            first, last = _strip(text, first, last)
            if last - first >= 2:
                start, end = text.span(first, last)
                found.append(Span(start, end, "legal form", 0.9, legal=True))
        if tag is None:
            index += 1
            continue
        head_last = tags[tag]
        first, last = _grow(text, index, head_last)
        first, last = _strip(text, first, last)
        if first >= last or first > index:
            index = head_last
            continue
        # A head in capitals inside a name opens a name of its own: "Commission DG Grow".
        inner = next(
            (k for k in range(first + 1, last - 1) if "head" in text.tags[k] and len(text.raw(k)) >= 2 and text.raw(k).isupper()), None
        )
        if inner is not None:
            first = inner
        capitals = [k for k in range(first, last) if text.capital(k)]
        beyond = [k for k in capitals if not index <= k < head_last]
        compound = (
            text.capital(index)
            and head_last - index == 1
            and len(text.words.forms[index]) >= 9
            and not text.sentence_start(index)
            and tag == "head"
        )
        named = bool(beyond) or (compound and not _noun_capitals(text.language) and _is_compound(text, index))
        if named and (tag == "head" or len(beyond) >= 1):
            start, end = text.span(first, last)
            only_weak = tag == "weak" and not any("head" in text.tags[k] for k in range(first, last))
            found.append(Span(start, end, "head word", 0.45 if only_weak else 0.7, heads=[text.words.forms[index]]))
        index = max(head_last, index + 1)
    return found


def _noun_capitals(language: str) -> bool:
    """German and Luxembourgish write every noun with a capital: a capital alone proves no name there."""
    return language.split("-")[0] in {"de", "lb"}


def _is_compound(text: _Text, index: int) -> bool:
    """True when the head is only the tail of the word: Erhvervsstyrelsen, Upphandlingsmyndigheten."""
    form = text.words.forms[index]
    return any(
        pattern.startswith("*") and form.endswith(pattern.strip("*")) and len(form) > len(pattern.strip("*")) + 2
        for pattern in _suffix_heads(text.language)
    )


@lru_cache(maxsize=64)
def _suffix_heads(language: str) -> tuple[str, ...]:
    return tuple(head for head in load(language).organisations.heads if head.startswith("*"))


def _by_models(text: _Text, entities: Iterable[Entity]) -> list[Span]:
    found: list[Span] = []
    for entity in entities:
        if entity.label != "ORG":
            continue
        first, last = text.words.within(entity.start - text.offset, entity.end - text.offset)
        if first >= last:
            continue
        first, last = _strip(text, first, last)
        if first >= last or not any(text.capital(k) for k in range(first, last)):
            continue
        heads = [text.words.forms[k] for k in range(first, last) if {"head", "weak"} & set(text.tags[k])]
        if heads:
            first, last = _grow(text, first, last)
            first, last = _strip(text, first, last)
        if last - first == 1 and text.sentence_start(first) and not _acronym(text.raw(first)) and not heads:
            continue
        start, end = text.span(first, last)
        found.append(Span(start, end, "model", 0.5, heads=heads))
    return found


def _by_roles(context: Context, text: _Text, sentence: Sentence) -> list[Span]:
    """Names in the place of a body: right in front of "organises", right behind "organised by"."""
    found: list[Span] = []
    for cue in sentence.with_tag("roles."):
        if not (text.offset <= cue.start and cue.end <= text.offset + len(text.words.text)):
            continue
        first, last = text.words.within(cue.start - text.offset, cue.end - text.offset)
        if cue.tag.endswith("_does") and not cue.tag.startswith("roles.speaker"):
            # Verbs come second in many languages: "Am 5. Mai veranstaltet die Stadt ...", "Seminář pořádá Úřad ...".
            found.extend(_name_before(text, first, cue) or _name_behind(text, last, cue))
        elif cue.tag.endswith("_by"):
            found.extend(_name_behind(text, last, cue))
    return found


def _small_names(text: _Text, sentence: Sentence) -> list[Span]:
    """Names that go on in small letters behind a capitalised head: "Ministerstvo pro místní rozvoj", "Agence régionale du développement".

    They end where a role word, a mark or a word that no name holds stands; without a role word right behind, only a
    linking word directly behind the head opens one.
    """
    if _noun_capitals(text.language):
        return []
    found: list[Span] = []
    does = {cue.start - text.offset for cue in sentence.cues if cue.tag.startswith("roles.")}
    first, stop = text.words.within(max(sentence.start - text.offset, 0), sentence.end - text.offset)
    for index in range(first, stop):
        if "head" not in text.tags[index] or not text.capital(index) or text.raw(index).isupper():
            continue
        begin = last = text.tags[index]["head"]
        small = 0
        while last < stop and text.near(last) and last - index < 9 and text.words.starts[last] not in does:
            form = text.words.forms[last]
            if not form[0].isalpha():
                if form not in {"'", "-"}:
                    break
            elif form in text.verbs:
                break
            elif form in text.joiners and _capital_ahead(text, last + 1):
                # "Rijkswaterstaat en het Rijksvastgoedbedrijf": a second body.
                break
            elif form not in text.stops:
                small += not text.capital(last)
            last += 1
        closed = last < stop and text.words.starts[last] in does
        linked = begin < stop and "inside" in text.tags[begin] and not any(form in text.stops and "inside" not in text.tags[begin + k] for k, form in enumerate(text.words.forms[begin:last]))
        marked = last >= stop or not text.near(last) or not text.raw(last)[0].isalnum()
        start_name, last = _strip(text, index, last)
        if start_name != index or last - index < 2 or not small or not (closed or (linked and small <= 3 and marked)):
            continue
        start, end = text.span(index, last)
        found.append(Span(start, end, "head word", 0.65, heads=[text.words.forms[index]]))
    return found


def _capital_ahead(text: _Text, index: int) -> bool:
    """True when, over articles, a capitalised word follows."""
    for at in range(index, min(index + 3, len(text.words))):
        if text.capital(at):
            return True
        if text.words.forms[at] not in text.stops:
            return False
    return False


def _name_before(text: _Text, index: int, cue: Cue) -> list[Span]:
    last = index
    acronym = None
    if last >= 3 and text.raw(last - 1) == ")":
        opened = next((k for k in range(last - 2, max(last - 6, -1), -1) if text.raw(k) == "("), None)
        if opened is None:
            return []
        last = opened
        acronym = "".join(text.raw(k) for k in range(opened + 1, index - 1))
    first = last
    while first > 0 and (first == last or text.near(first)) and last - first < _MAX_WORDS:
        if text.capital(first - 1):
            first -= 1
        elif (
            first - 2 >= 0
            and text.near(first - 1)
            and text.capital(first - 2)
            and first < last
            and (
                ("inside" in text.tags[first - 1] and text.words.forms[first - 1] not in text.joiners)
                or text.raw(first - 1) in {"-", "&", "'", "’"}
            )
        ):
            first -= 2
        else:
            break
    first, last = _strip(text, first, last)
    return _role_span(text, first, last, cue, acronym)


def _name_behind(text: _Text, index: int, cue: Cue) -> list[Span]:
    first = index
    while (
        first < len(text.words)
        and text.near(first)
        and text.words.forms[first] in text.stops
        and first - index < 3
        and not text.capital(first)
    ):
        first += 1
    if not (text.capital(first) and text.near(first)):
        return []
    _, last = _grow(text, first, first + 1)
    first, last = _strip(text, first, last)
    return _role_span(text, first, last, cue, None)


def _role_span(text: _Text, first: int, last: int, cue: Cue, acronym: str | None) -> list[Span]:
    if first >= last:
        return []
    words = [text.raw(k) for k in range(first, last) if text.raw(k)[0].isalpha()]
    capitals = [word for word in words if any(letter.isupper() for letter in word)]
    if len(capitals) < 2 and not any(_acronym(word) for word in capitals) and acronym is None:
        return []
    if (
        _noun_capitals(text.language)
        and acronym is None
        and not any(_acronym(word) for word in capitals)
        and not any({"head", "weak"} & set(text.tags[k]) for k in range(first, last))
    ):
        return []
    start, end = text.span(first, last)
    return [Span(start, end, f"in the place of a body ({cue.tag})", 0.6, acronym=acronym if acronym and len(acronym) <= 15 else None)]


def _by_field(context: Context, text: _Text, start: int, end: int) -> list[Span]:
    """The value of a field for a body, cut at commas and line ends where each piece is a name of its own."""
    value = context.text(start, end)
    sentence = context.sentence_at(start)
    cues = [(cue.start - start, cue.end - start) for cue in (sentence.with_tag("roles.") if sentence else []) if cue.start > start and cue.end <= end]
    pieces: list[tuple[int, int]] = []
    at = 0
    for low, high in sorted([*((match.start(), match.end()) for match in _LIST_MARKS.finditer(value)), *cues]):
        if low >= at:
            pieces.append((at, low))
            at = high
    pieces.append((at, len(value)))
    found: list[Span] = []
    for low, high in pieces:
        piece = value[low:high]
        first, last = text.words.within(start + low - text.offset, start + high - text.offset)
        if first >= last or not any(text.capital(k) for k in range(first, last)) or len(piece.split()) > _MAX_WORDS or "@" in piece:
            continue
        first, last = _strip(text, first, last)
        if first < last:
            span = text.span(first, last)
            found.append(Span(span[0], span[1], "field", 0.85))
        if found and low == 0 and not any({"head", "weak", "legal"} & set(text.tags[k]) for k in range(first, last)) and len(pieces) > 1:
            continue
        if len(pieces) > 1 and low == 0:
            # "Danish Business Authority, Copenhagen": further pieces count only with a head of their own.
            pieces_with_heads = [
                p
                for p in pieces[1:]
                if any(
                    {"head", "legal"} & set(text.tags[k])
                    for k in range(*text.words.within(start + p[0] - text.offset, start + p[1] - text.offset))
                )
            ]
            if not pieces_with_heads:
                break
    return found


def _common(context: Context, span: Span) -> bool:
    """True for capitalised common words and event names: what the page itself writes small elsewhere, or what ends in an event noun."""
    name = context.text(span.start, span.end)
    sentence = context.sentence_at(span.start)
    if sentence is not None and any(noun.end == span.end and noun.start >= span.start for noun in sentence.nouns) and not span.legal:
        return True
    if span.legal or span.rule == "field":
        return False
    words = [word for word in re.findall(r"[^\W\d_]+", name) if len(word) > 2]
    if not words:
        return False
    small = context.lower_words
    common = sum(word.lower() in small for word in words)
    if span.rule == "head word" and any(_not_heads().find(Words.of(head)) for head in span.heads):
        return True
    if span.rule == "model" and _not_heads().find(Words.of(words[-1])):
        return True
    if span.rule == "model" and not span.heads:
        return common >= 0.6 * len(words)
    return common == len(words)


def _of_programme(context: Context, span: Span, programmes: Sequence[tuple[int, int]], names: set[str]) -> bool:
    """True for a programme's or project's own name, and for a common word beside it ("network of BRINC")."""
    name = context.text(span.start, span.end)
    if fold_name(name) in names:
        return True
    inside = [(start, end) for start, end in programmes if span.start <= start and end <= span.end]
    words = re.findall(r"[^\W\d_]+", name)
    rest = [word for word in words if word.lower() not in names and not any(word in context.text(start, end) for start, end in inside)]
    if span.rule == "model" and not span.heads and inside:
        return True
    return len(rest) < len(words) and not span.legal and sum(word[0].isupper() for word in rest) <= 1


def _short_subjects(context: Context) -> list[Span]:
    """A short form in capitals that opens a sentence about an event or a role: "EUROCITIES helped ... to organise"."""
    found: list[Span] = []
    for sentence in context.sentences:
        text = context.text(sentence.start, sentence.end)
        match = re.match(r"\s*(?P<name>[^\W\d_]{4,15})(?= [^\W\d_])", text)
        if match is None or not match["name"].isupper() or not sentence.with_tag("roles.", "events."):
            continue
        behind = text[match.end() :].split()
        if len(behind) < 4 or sum(word.isupper() for word in behind[:4]) > 1:
            continue
        start = sentence.start + match.start("name")
        found.append(Span(start, start + len(match["name"]), "short form as subject", 0.55))
    return found


def _acronym(word: str) -> bool:
    """A short form: at least two capitals and no more small letters than capitals, or all capitals."""
    upper = sum(letter.isupper() for letter in word)
    lower = sum(letter.islower() for letter in word)
    return len(word) >= 2 and upper >= 2 and upper >= lower


# -- merging and grouping ------------------------------------------------------------------------------


def _merge(context: Context, spans: list[Span], taken: list[tuple[int, int]], people: list[tuple[int, int]]) -> list[Span]:
    """One span per stretch of text: the longest of those that overlap, strengthened by the others; unfit ones dropped."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda s: (s.start - s.end, -s.strength, s.start)):
        name = context.text(span.start, span.end)
        if "\n" in name or name.strip(" .") in _not_names() or len(name) < 2:
            continue
        if any(start <= span.start and span.end <= end for start, end in taken):
            continue
        if not span.legal and not span.heads and any(start == span.start and end >= span.end for start, end in people):
            continue
        over = next((other for other in kept if span.start < other.end and other.start < span.end), None)
        if over is not None:
            over.strength = min(0.99, over.strength + 0.15)
            over.acronym = over.acronym or span.acronym
            over.legal = over.legal or span.legal
            continue
        kept.append(span)
    chosen = [span for span in kept if span.strength >= 0.5]
    for span in chosen:
        if span.acronym is None:
            bracket = _BRACKET.match(context.document.text, span.end, min(len(context.document.text), span.end + 24))
            if bracket and _acronym(bracket["short"].replace(" ", "")):
                span.acronym = bracket["short"]
    return sorted(chosen, key=lambda s: s.start)


_COORDINATE = re.compile(r"(?P<name>[^\W\d_][\w&.\-]{1,24}(?: [^\W\d_][\w&.\-]{1,24}){0,4})(?P<join>,? (?:\S{1,4} )?|, )$")


def _lists(context: Context, spans: list[Span]) -> list[Span]:
    """Short forms in a list with a body, in a sentence with a role word: "IAT, SP, Zagreb City Holding and ICLEI will organise"."""
    made: list[Span] = []
    for span in spans:
        sentence = context.sentence_at(span.start)
        if sentence is None or not sentence.with_tag("roles."):
            continue
        at = span.start
        for _ in range(8):
            window = context.text(max(sentence.start, at - 60), at)
            match = re.search(r"(?P<name>[A-ZÀ-ÞΑ-ΩА-Я][\w&\-]{1,14})(?:, ?| (?:&|\w{1,3}) )$", window)
            if match is None or not _acronym(match["name"]) or match["name"] in _not_names():
                break
            low = max(sentence.start, at - 60) + match.start("name")
            if any(other.start <= low < other.end for other in (*spans, *made)):
                break
            made.append(Span(low, low + len(match["name"]), "listed with a body", 0.6))
            at = low
    return sorted([*spans, *made], key=lambda s: s.start)


def fold_name(name: str) -> str:
    """A name's letters, lower case and without diacritics and marks, single spaces."""
    flat = unicodedata.normalize("NFKD", name.casefold())
    kept = "".join(c if c.isalnum() else " " for c in flat if not unicodedata.combining(c))
    return " ".join(kept.split())


def _same_inflected(one: str, two: str) -> bool:
    """True for two forms of one name that differ in case endings only: as many words, each with the same stem."""
    a, b = one.split(), two.split()
    if len(a) != len(b):
        return False
    for x, y in zip(a, b, strict=True):
        if x == y:
            continue
        shared = next((i for i, (p, q) in enumerate(zip(x, y, strict=False)) if p != q), min(len(x), len(y)))
        if shared < 4 or shared < 0.7 * max(len(x), len(y)) or max(len(x), len(y)) - shared > 4:
            return False
    return True


def _group(context: Context, spans: list[Span]) -> list[Organisation]:
    """One entry per body: same name, inflected name, acronym in brackets, or a shorter form of a longer one."""
    groups: list[tuple[list[Span], list[str], str | None]] = []
    for span in sorted(spans, key=lambda s: (s.start - s.end, s.start)):
        key = fold_name(context.text(span.start, span.end))
        home = None
        for index, (_, keys, acronym) in enumerate(groups):
            short = fold_name(acronym) if acronym else None
            if (
                key in keys
                or key == short
                or any(_same_inflected(key, other) for other in keys)
                or any(_short_form(key, other) for other in keys)
            ):
                home = index
                break
        if home is None:
            groups.append(([span], [key], span.acronym))
        else:
            members, keys, acronym = groups[home]
            members.append(span)
            if key not in keys:
                keys.append(key)
            groups[home] = (members, keys, acronym or (span.acronym if len(key.split()) > 1 else None))
    found = [_entry(context, members, acronym) for members, _, acronym in groups]
    return sorted(found, key=lambda organisation: organisation.evidence[0].start or 0)


def _short_form(key: str, longer: str) -> bool:
    """True when `key` is the end or beginning of `longer`, on word borders, and not a mere common word of it."""
    if len(key) >= len(longer) or len(key) < 4:
        return False
    return (longer.endswith(" " + key) or longer.startswith(key + " ")) and (len(key.split()) >= 2 or len(longer.split()) <= 3)


def _entry(context: Context, members: list[Span], acronym: str | None) -> Organisation:
    text = context.document.text
    longest = min(members, key=lambda s: (s.start - s.end, s.start))
    name = text[longest.start : longest.end]
    evidence = [
        Evidence(quote=text[s.start : s.end], start=s.start, end=s.end, rule=s.rule) for s in sorted(members, key=lambda s: s.start)
    ]
    if longest.acronym:
        bracket = _BRACKET.match(text, longest.end, min(len(text), longest.end + 24))
        if bracket and bracket["short"] == longest.acronym:
            name = text[longest.start : bracket.end()]
    forms = dict.fromkeys(item.quote for item in evidence)
    aliases = [form for form in forms if form != name]
    if acronym and acronym not in aliases and acronym != name:
        aliases.append(acronym)
    return Organisation(
        name=name, acronym=acronym, aliases=aliases, type="company" if any(s.legal for s in members) else None, evidence=evidence
    )
