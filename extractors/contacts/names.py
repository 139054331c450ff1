"""Names of people beside contact data: candidates by their shape, and how well a name fits a mailbox. Never a model, never a guess.

A candidate is only a proposal. cards.py accepts it where a cue, a label, an honorific, a job title or the mailbox speaks for it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from extractors.contacts.letters import consonants, plain, sound
from extractors.contacts.wordlists import word_set
from extractors.lexicon import Cue, Matcher, Words, load

_WORD = re.compile(r"[^\W\d_](?:[\w'’‘ʼ\-‑‐\u0300-\u036f]*[\w\u0300-\u036f])?\.?")
_WORDS_MAX = 5
_LABEL_KEYS = ("name", "email", "phone", "website", "job_title", "organisation", "contact")
_BREAKS = frozenset(
    {"title", "honorific", "cue", "label", "head", "weak", "desk", "venue", "street", "event", "programme", "stop", "phone"}
)
"""Words that no name of a person runs across; "head" and the like make the whole stretch something else."""
_NAMING = frozenset({"name", "mixed", "acronym", "doubt"})
_NOT_PERSON = frozenset({"head", "weak", "desk", "venue", "street", "event", "programme"})
NONE, WEAK, STRONG = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of a page's languages that surround names."""

    matcher: Matcher
    function_words: frozenset[str]
    stops: frozenset[str]
    legal: frozenset[str]

    def cues(self, words: Words) -> list[Cue]:
        """All vocabulary hits in `words`."""
        return self.matcher.find(words)


@lru_cache(maxsize=1)
def _function_words() -> dict[str, dict[str, str]]:
    path = resources.files("extractors") / "data" / "function_words.toml"
    return tomllib.loads(path.read_text("utf-8"))


@lru_cache(maxsize=64)
def vocabulary(languages: tuple[str, ...]) -> Vocabulary:
    """The vocabulary of `languages` (lexicon codes) together."""
    tagged: dict[str, dict[str, None]] = {}

    def add(tag: str, patterns: Sequence[str]) -> None:
        tagged.setdefault(tag, {}).update(dict.fromkeys(patterns))

    legal: set[str] = set()
    function: set[str] = set()
    for code in languages:
        lexicon = load(code)
        people, organisations, labels = lexicon.people, lexicon.organisations, lexicon.labels
        add("title", people.job_titles)
        add("honorific", people.honorifics)
        add("desk", [pattern for pattern in people.desk_words if len(pattern) > 2])
        add("phone", [cue for cue in (*people.phone_cues, *people.mobile_cues, *people.fax_cues) if len(plain(cue)) > 2])
        weak = set(organisations.weak_heads)
        add("head", [head for head in organisations.heads if head not in weak])
        add("weak", organisations.weak_heads)
        add("stop", organisations.not_names)
        add("cue", [*lexicon.cues.more_information, *labels.contact])
        for key, patterns in labels:
            add("label" if key in _LABEL_KEYS else "stop", [pattern for pattern in patterns if len(pattern) > 2])
        add("venue", lexicon.places.venue_heads)
        add("street", lexicon.places.street_heads)
        for _, patterns in lexicon.events:
            add("event", [pattern for pattern in patterns if len(pattern.strip("*")) > 2])
        add("programme", [*lexicon.programmes.programme, *lexicon.programmes.project])
        for forms in (*lexicon.dates.months, *lexicon.dates.weekdays):
            add("stop", [form for form in forms if len(form) > 3])
        legal.update(pattern.replace(".", "").replace(" ", "") for pattern in organisations.legal_forms)
        function.update((*lexicon.dates.and_, *lexicon.dates.or_))
        function.update(_function_words().get(code, {}).get("words", "").split())
    add("honorific", sorted(word_set("academic_titles_shown")))
    stops = frozenset(pattern for pattern in tagged["stop"] if " " not in pattern)
    return Vocabulary(Matcher(tagged), frozenset(function), stops, frozenset(form for form in legal if form))


@dataclass(frozen=True, slots=True)
class NameCandidate:
    """A stretch ``text[start:end]`` that is shaped like a person's name."""

    start: int
    end: int
    honorific: bool
    capitals: bool
    mixed: bool
    """Shaped like a name, yet a word of it is an organisation's or a place's: only a fitting mailbox saves it."""
    doubtful: bool = False
    """A word of it may be another word ("May", "An") or ends as a place's does ("-gaard"): it needs more support."""
    sentence_start: bool = False


def name_words(name: str) -> list[str]:
    """The words of a name without its particles, titles and initials' dots."""
    particles = word_set("name_particles")
    return [word for word in re.findall(r"[^\W\d_][\w'’‘ʼ\u0300-\u036f]*", name) if word.lower() not in particles or word[0].isupper()]


@lru_cache(maxsize=8192)
def affinity(name: str, address: str) -> int:
    """How well `name` fits the mailbox of `address`: NONE, WEAK (initials) or STRONG (a shared part)."""
    local, _, domain = address.partition("@")
    words = name_words(name)
    parts = [part for word in words if (part := plain(word))]
    if len(parts) < 2:
        return NONE
    tokens = [plain(token) for token in re.split(r"[._\-+~]|\d+", local) if plain(token)]
    if not tokens:
        return NONE
    hosts = {plain(label) for label in re.split(r"[.\-]", domain)[:-1]}
    joined = "".join(parts)
    if joined in hosts or sum(part in hosts for part in parts if len(part) >= 3) >= 2:
        return NONE  # The organisation's own name.
    foreign = any(ord(letter) > 0x36F for word in words for letter in word)
    whole = "".join(tokens)
    for token in tokens:
        if len(token) < 3:
            continue
        for part in parts:
            if token == part or sound(token) == sound(part):
                return STRONG
            if min(len(token), len(part)) >= 4 and (part.startswith(token) or token.startswith(part)):
                return STRONG
            if min(len(token), len(part)) >= 5 and sound(token)[:4] == sound(part)[:4]:
                return STRONG  # An inflected form: "Annou Novákovou", novakova@.
            if foreign and len(consonants(token)) >= 2 and consonants(token) == consonants(part):
                return STRONG
    if len(whole) <= 40:
        pieces = [part for word in re.findall(r"[^\W\d_][\w'’‘ʼ\u0300-\u036f]*", name) if (part := plain(word))]
        covered = max(_covered(whole, pieces), _covered(sound(whole), [sound(piece) for piece in pieces]))
        if covered:
            return STRONG if len(whole) >= 4 and covered >= 3 else WEAK
    return NONE


def _covered(local: str, parts: Sequence[str]) -> int:
    """The longest piece when `local` is cut into beginnings of two or more different parts, in any order; 0 where it cannot be."""
    best = 0
    stack: list[tuple[int, int, int]] = [(0, 0, 0)]
    seen: set[tuple[int, int, int]] = set()
    limited = parts[: _WORDS_MAX + 2]
    while stack:
        at, used, longest = stack.pop()
        if at == len(local):
            if used.bit_count() >= 2:
                best = max(best, longest)
            continue
        for index, part in enumerate(limited):
            if used >> index & 1:
                continue
            size = 0
            while size < len(part) and at + size < len(local) and part[size] == local[at + size]:
                size += 1
                state = (at + size, used | 1 << index, max(longest, size))
                if state not in seen:
                    seen.add(state)
                    stack.append(state)
    return best


def candidates(
    text: str, span: tuple[int, int], words: Words, cues: Sequence[Cue], known: Vocabulary, *, origin: int = 0
) -> list[NameCandidate]:
    """Stretches of `text` inside `span` shaped like a name, in order.

    `words` and `cues` are the vocabulary hits of the line that begins at `origin`; their offsets count from there.
    """
    start, end = span
    tags: dict[int, set[str]] = {}
    endings: set[int] = set()
    for cue in cues:
        for index in range(cue.first, cue.last):
            if cue.pattern.startswith("*") and cue.tag in _NOT_PERSON:
                endings.add(origin + words.starts[index])
            else:
                tags.setdefault(origin + words.starts[index], set()).add(cue.tag)
    particles = word_set("name_particles")
    titles = word_set("academic_titles")
    tokens: list[tuple[int, int, str, str]] = []
    for match in _WORD.finditer(text, start, end):
        first, last = match.span()
        word = match[0]
        initial = len(word) <= 3 and word.endswith(".") and word[0].isupper() and len(word.rstrip(".")) == 1
        hyphenated = re.fullmatch(r"[^\W\d_][-‑][^\W\d_]\.", word) is not None
        dotted = word.endswith(".")
        if dotted and not initial and not hyphenated:
            if plain(word) in titles or "honorific" in tags.get(first, ()):
                tokens.append((first, last, word, "honorific"))
                continue
            last -= 1
            word = word[:-1]
        marks = tags.get(first, set())
        if initial and "honorific" in marks and not (tokens and tokens[-1][3] == "name" and text[tokens[-1][1] : first].isspace()):
            kind = "honorific"
        elif initial or hyphenated:
            kind = "name"
        elif word.lower() in particles and not word[0].isupper():
            kind = "particle"
        elif not word[0].isupper():
            kind = "honorific" if "honorific" in marks else "other"
        elif (plain(word) in titles and (len(word) > 1 and "honorific" in marks)) or (marks & _BREAKS and "honorific" in marks):
            kind = "honorific"
        elif marks & _NOT_PERSON or _has_digit(text, first, last):
            kind = "mixed"
        elif marks & _BREAKS - {"stop"}:
            kind = "break"
        elif word.isupper() and 2 <= len(word) <= 4:
            kind = "acronym"
        elif "stop" in marks or first in endings or word.lower() in known.function_words:
            kind = "doubt"
        else:
            kind = "name"
        tokens.append((first, last, word, kind))
        if dotted and not initial and not hyphenated:
            tokens.append((last, last, ".", "stop"))
    return _runs(text, start, tokens, known)


def _has_digit(text: str, start: int, end: int) -> bool:
    return any(letter.isdigit() or letter == "_" for letter in text[start:end])


def _runs(text: str, start: int, tokens: Sequence[tuple[int, int, str, str]], known: Vocabulary) -> list[NameCandidate]:
    found: list[NameCandidate] = []
    index = 0
    while index < len(tokens):
        if tokens[index][3] not in _NAMING and not (tokens[index][3] == "particle" and tokens[index][2][0].isupper()):
            index += 1
            continue
        run = [index]
        after = index + 1
        while after < len(tokens) and text[tokens[after - 1][1] : tokens[after][0]] in {" ", "\u00a0", "  "}:
            if tokens[after][3] in _NAMING or (tokens[after][3] == "particle" and _particle_fits(tokens, after, len(run))):
                run.append(after)
            else:
                break
            after += 1
        while run and (
            tokens[run[-1]][3] == "particle"
            or (tokens[run[-1]][3] == "doubt" and _sure(tokens, run) >= 2 and not _ending(tokens[run[-1]], known))
        ):
            run.pop()
        while run and tokens[run[0]][3] == "doubt" and _sure(tokens, run) >= 2 and not _ending(tokens[run[0]], known):
            run.pop(0)
        candidate = _candidate(text, start, tokens, run, known)
        if candidate is not None:
            found.append(candidate)
        index = max(after, index + 1)
    return found


def _sure(tokens: Sequence[tuple[int, int, str, str]], run: Sequence[int]) -> int:
    return sum(tokens[index][3] in {"name", "acronym", "mixed"} for index in run)


def _ending(token: tuple[int, int, str, str], known: Vocabulary) -> bool:
    """True where the token is doubted for its ending alone: then it belongs to the name."""
    return token[2].lower() not in known.function_words and token[2].lower() not in known.stops


def _particle_fits(tokens: Sequence[tuple[int, int, str, str]], at: int, before: int) -> bool:
    """True where a small word inside a name carries on to a capitalised one; "y", "e", "i" only before a last word."""
    ahead = at + 1
    while ahead < len(tokens) and ahead - at < 3 and tokens[ahead][3] == "particle":
        ahead += 1
    if ahead >= len(tokens) or tokens[ahead][3] not in {"name", "acronym", "doubt"}:
        return False
    if tokens[at][2].lower() in {"y", "e", "i", "und"}:
        last = ahead + 1 >= len(tokens) or tokens[ahead + 1][3] not in {"name", "acronym"}
        return before >= 2 and last
    return True


def _candidate(
    text: str, start: int, tokens: Sequence[tuple[int, int, str, str]], run: list[int], known: Vocabulary
) -> NameCandidate | None:
    main = [index for index in run if tokens[index][3] != "particle"]
    if len(main) < 2 or len(main) > _WORDS_MAX:
        return None
    full = [index for index in main if len(tokens[index][2].rstrip(".")) > 1]
    if not full or any(len(tokens[index][2]) == 1 for index in main) or text[tokens[run[-1]][1] : tokens[run[-1]][1] + 1] in {"/", "&"}:
        return None
    if tokens[run[-1]][2].endswith(".") and len(tokens[run[-1]][2]) > 1 and len(full) < 2:
        return None  # "Anna B." is no full name, nor is "Section A."
    before = tokens[run[0] - 1] if run[0] else None
    honorific = before is not None and before[3] == "honorific" and not text[before[1] : tokens[run[0]][0]].strip()
    mixed = any(tokens[index][3] == "mixed" for index in main) or plain(tokens[run[-1]][2]) in known.legal
    acronyms = [index for index in main if tokens[index][3] == "acronym"]
    capitals = all(tokens[index][2].isupper() for index in main)
    if acronyms and not capitals:
        mixed = True
    doubtful = any(tokens[index][3] == "doubt" for index in main)
    first, last = tokens[run[0]][0], tokens[run[-1]][1]
    lead = text[start:first].rstrip()
    return NameCandidate(first, last, honorific, capitals, mixed, doubtful, sentence_start=not lead or lead[-1] in ".!?:;")


def trimmed(text: str, candidate: NameCandidate, address: str, *, whole: bool) -> tuple[int, int]:
    """The candidate's span without words that the mailbox does not know: leading ones that open a sentence ("Ring Anna Berg",
    anna.berg@), trailing ones where the name is not `whole` between separators."""
    spans = [
        (candidate.start + match.start(), candidate.start + match.end()) for match in _WORD.finditer(text[candidate.start : candidate.end])
    ]
    tokens = [plain(token) for token in re.split(r"[._\-+~]|\d+", address.partition("@")[0]) if len(plain(token)) >= 2]
    hits = [any(plain(text[first:last]) == token or sound(text[first:last]) == sound(token) for token in tokens) for first, last in spans]
    first, last = 0, len(spans) - 1
    if sum(hits) >= 2 and len(spans) > 2:
        if candidate.sentence_start:
            first = hits.index(True)
        if not whole:
            last = len(hits) - 1 - hits[::-1].index(True)
    return (spans[first][0], spans[last][1]) if spans else (candidate.start, candidate.end)
