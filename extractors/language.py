"""Which language a text is in, how sure that is, and why. It abstains (``und``) rather than guess.

Three witnesses are heard: the letters (script and alphabet), the words (data/function_words.toml) and langdetect,
seeded, so that the same text always gives the same answer. What a page declares about itself is believed unless
the text clearly says otherwise. Nothing here translates or changes a text.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any, Final

from extractors import languages
from schemas import BlockKind, Document, LanguageDecision

MIN_LETTERS: Final = 12
"""A text with fewer letters is too short to decide on."""

MIN_CONFIDENCE: Final = 0.75
"""Below this the detector abstains."""

OVERRULE_LETTERS: Final = 60
"""A declared language is overruled only by a text with at least this many letters ..."""

OVERRULE_CONFIDENCE: Final = 0.95
"""... and at least this confidence."""

BLOCK_LETTERS: Final = 60
"""A block with fewer letters never gets a language of its own."""

BLOCK_CONFIDENCE: Final = 0.95
"""A block needs this confidence to get a language other than its document's."""

_VOTE_CHARACTERS: Final = 4_000
_LANGDETECT_CHARACTERS: Final = 1_500
_PROSE_LETTERS: Final = 40

# Weights in natural logarithms of odds: what one piece of evidence is worth against a language that lacks it.
_WORD, _LETTER, _STEM, _ENDING, _PART, _FOREIGN_LETTER = 2.0, 0.5, 1.5, 0.35, 1.0, 1.6
_LANGDETECT_FLOOR, _LANGDETECT_SHORT = 0.02, 100  # a text shorter than that many letters gets a higher floor
_UNHEARD: Final = 0.08  # langdetect has no profile for the language: neither for nor against it
_MAX_CONFIDENCE: Final = 0.99

_ADDRESS = re.compile(r"https?://\S{1,2000}|www\.\S{1,2000}|[\w.+-]{1,64}@[\w.-]{1,255}")
_WORD_RE = re.compile(r"[^\W\d_]+")

# Signs that stand inside no word: what letters become when they are read in the wrong encoding.
_ODD_INSIDE = re.compile(r"[\x80-\x9f\ufffd]|(?<=[^\W\d_])[^\w\s\x00-\x7f’‘“”„–—…·«»](?=[^\W\d_])")

_MIXED_SCRIPTS = re.compile(r"[a-zA-Z][\u0370-\u03ff\u0400-\u04ff]|[\u0370-\u03ff\u0400-\u04ff][a-zA-Z]")

# Unicode blocks of the scripts that tell something; (first, last) code points. Latin is the rest of the letters below U+0250.
_SCRIPTS: Final[tuple[tuple[int, int, str], ...]] = (
    (0x0041, 0x024F, "Latin"),
    (0x0370, 0x03FF, "Greek"),
    (0x0400, 0x052F, "Cyrillic"),
    (0x0590, 0x05FF, "Hebrew"),
    (0x0600, 0x06FF, "Arabic"),
    (0x0900, 0x097F, "Devanagari"),
    (0x0980, 0x09FF, "Bengali"),
    (0x0A00, 0x0A7F, "Gurmukhi"),
    (0x0A80, 0x0AFF, "Gujarati"),
    (0x0B80, 0x0BFF, "Tamil"),
    (0x0C00, 0x0C7F, "Telugu"),
    (0x0C80, 0x0CFF, "Kannada"),
    (0x0D00, 0x0D7F, "Malayalam"),
    (0x0E00, 0x0E7F, "Thai"),
    (0x1E00, 0x1EFF, "Latin"),
    (0x1F00, 0x1FFF, "Greek"),
    (0x3040, 0x30FF, "Kana"),
    (0x3400, 0x9FFF, "Han"),
    (0xAC00, 0xD7AF, "Hangul"),
)

# Scripts that only one language of the table is written in.
_ONE_LANGUAGE: Final[dict[str, str]] = {
    "Greek": "el",
    "Hebrew": "he",
    "Bengali": "bn",
    "Gurmukhi": "pa",
    "Gujarati": "gu",
    "Tamil": "ta",
    "Telugu": "te",
    "Kannada": "kn",
    "Malayalam": "ml",
    "Thai": "th",
    "Kana": "ja",
    "Hangul": "ko",
}

# langdetect's profiles by script; those of other scripts only slow it down and mislead it.
_PROFILES: Final[dict[str, tuple[str, ...]]] = {
    "Latin": tuple(
        "af ca cs cy da de en es et fi fr hr hu id it lt lv nl no pl pt ro sk sl so sq sv sw tl tr vi".split()  # noqa: SIM905
    ),
    "Cyrillic": ("bg", "mk", "ru", "uk"),
    "Arabic": ("ar", "fa", "ur"),
    "Devanagari": ("hi", "mr", "ne"),
    "Han": ("zh-cn", "zh-tw"),
}

# Languages without a profile inherit, at a discount, what langdetect says of their nearest relatives.
_RELATIVES: Final[dict[str, tuple[tuple[str, ...], float]]] = {
    "nn": (("nb",), 0.3),
    "gl": (("pt", "es"), 0.5),
    "sr": (("hr", "mk"), 0.5),
}


@dataclass(frozen=True, slots=True)
class _Words:
    """What data/function_words.toml says of one language."""

    letters: frozenset[str]
    words: frozenset[str]
    stems: tuple[str, ...]
    endings: tuple[str, ...]
    parts: re.Pattern[str] | None


@lru_cache(maxsize=1)
def _vocabulary() -> dict[str, _Words]:
    raw: dict[str, dict[str, str]] = tomllib.loads(resources.files("extractors").joinpath("data/function_words.toml").read_text("utf-8"))
    return {
        code: _Words(
            frozenset(entry["letters"]),
            frozenset(entry["words"].split()),
            tuple(entry["stems"].split()),
            tuple(entry["endings"].split()),
            re.compile("|".join(entry["parts"].split())) if "parts" in entry else None,
        )
        for code, entry in raw.items()
    }


@lru_cache(maxsize=8)
def _detector_factory(script: str) -> Any:
    """A langdetect factory with the profiles of one script, always in the same order, seeded."""
    import json

    from langdetect.detector_factory import DetectorFactory
    from langdetect.utils.lang_profile import LangProfile

    factory = DetectorFactory()
    factory.seed = 0
    profiles = resources.files("langdetect").joinpath("profiles")
    names = _PROFILES[script]
    for index, name in enumerate(names):
        factory.add_profile(LangProfile(**json.loads(profiles.joinpath(name).read_text("utf-8"))), index, len(names))
    return factory


def _langdetect(text: str, script: str, allowed: Collection[str] | None) -> dict[str, float]:
    """langdetect's probabilities (those above 0.1) by BCP 47 code; empty where it has nothing to say."""
    from langdetect.lang_detect_exception import LangDetectException

    if script not in _PROFILES:
        return {}
    detector = _detector_factory(script).create()
    if allowed is not None:
        names = {name: 1.0 for name in _PROFILES[script] if languages.from_langdetect(name) in allowed}
        if not names:
            return {}
        detector.set_prior_map(names)
    detector.append(text)
    try:
        return {languages.from_langdetect(guess.lang): guess.prob for guess in detector.get_probabilities()}
    except LangDetectException:
        return {}


def _script_of(text: str) -> tuple[str, float]:
    """The script of most letters, and its share; kana decide for Japanese, which is mostly written in Han."""
    counts: Counter[str] = Counter()
    for character, number in Counter(text).items():
        if not character.isalpha():
            continue
        code = ord(character)
        counts[next((script for first, last, script in _SCRIPTS if first <= code <= last), "other")] += number
    total = sum(counts.values())
    if not total:
        return "none", 0.0
    if counts["Kana"] and counts["Kana"] + counts["Han"] > total / 2 and counts["Kana"] > counts["Han"] / 20:
        return "Kana", (counts["Kana"] + counts["Han"]) / total
    # sorted by name first, so that a tie is always broken the same way
    script, number = max(sorted(counts.items()), key=lambda item: item[1])
    return script, number / total


def _letters_in(text: str) -> int:
    return sum(map(str.isalpha, text))


def sample(text: str, limit: int = _VOTE_CHARACTERS) -> str:
    """At most `limit` characters of running text from all over `text`, without web and e-mail addresses.

    Long lines are preferred: titles, menus and names in short ones say little about the language.
    """
    lines = [line for line in _ADDRESS.sub(" ", text[: limit * 50]).split("\n") if line.strip()]
    prose = [line for line in lines if len(line) >= _PROSE_LETTERS and line.count(" ") >= 4]
    if sum(map(len, prose)) >= 4 * _PROSE_LETTERS:
        lines = prose
    if sum(map(len, lines)) <= limit:
        return "\n".join(lines)
    parts = min(len(lines), 16)
    picked = [lines[index * len(lines) // parts] for index in range(parts)]
    return "\n".join(line[: limit // parts] for line in picked)


def _fold(text: str) -> str:
    text = text.lower().replace("i\u0307", "i")  # what Python makes of the Turkish İ
    # Romanian is often written with cedillas instead of commas below; Turkish has ş, but no ţ
    return text.replace("ţ", "ț").replace("ş", "ș") if "ţ" in text else text


@dataclass(frozen=True, slots=True)
class _Vote:
    """How the words and letters of a text speak for each language, in natural logarithms of odds."""

    scores: dict[str, float]
    hits: dict[str, int]
    tokens: int


@lru_cache(maxsize=32_768)
def _signs(word: str) -> tuple[tuple[str, float, bool], ...]:
    """What one word says: language, natural logarithm of odds, and whether the word is one of the language's own."""
    signs = []
    foreign = [character for character in word if character > "z"]
    for code, words in _vocabulary().items():
        score, own = 0.0, False
        if word in words.words:
            score, own = _WORD if len(word) > 1 else _LETTER, True
        elif len(word) > 4 and word.startswith(words.stems):
            score, own = _STEM, True
        elif len(word) > 4 and word.endswith(words.endings):
            score = _ENDING
        if words.parts is not None and words.parts.search(word):
            score += _PART
        if any(character not in words.letters for character in foreign):
            score -= _FOREIGN_LETTER
        if score or own:
            signs.append((code, score, own))
    return tuple(signs)


@lru_cache(maxsize=8)
def _written_in(script: str) -> frozenset[str]:
    """The languages of the vocabulary that are written in a script."""
    letter = {"Latin": "", "Cyrillic": "с", "Greek": "α"}.get(script)
    if letter is None:
        return frozenset()
    if not letter:
        # Serbian has both alphabets
        return frozenset(code for code, words in _vocabulary().items() if code == "sr" or not words.letters & {"с", "α"})
    return frozenset(code for code, words in _vocabulary().items() if letter in words.letters)


def _vote(text: str, script: str, allowed: Collection[str] | None) -> _Vote:
    counts = Counter(_WORD_RE.findall(_fold(text)))
    codes = _written_in(script) if allowed is None else _written_in(script) & set(allowed)
    scores = dict.fromkeys(sorted(codes), 0.0)
    hits = dict.fromkeys(scores, 0)
    for word, number in counts.items():
        for code, score, own in _signs(word[:40]):
            if code in scores:
                scores[code] += score * min(number, 3)  # one word that a text repeats is not many witnesses
                hits[code] += number * own
    return _Vote(scores, hits, sum(counts.values()))


def _posterior(scores: dict[str, float]) -> list[tuple[str, float]]:
    if not scores:
        return []
    top = max(scores.values())
    weights = {code: math.exp(score - top) for code, score in scores.items()}
    total = sum(weights.values())
    return sorted(((code, weight / total) for code, weight in weights.items()), key=lambda item: (-item[1], item[0]))


def _undecided(reason: str, confidence: float = 0.0) -> LanguageDecision:
    return LanguageDecision(code=languages.UNDETERMINED, confidence=round(confidence, 3), decided_by="none", reason=reason)


def _from_text(text: str, allowed: Collection[str] | None) -> tuple[LanguageDecision, dict[str, float]]:
    """What the text alone says, with the probability of every language."""
    excerpt = sample(text)
    letters = _letters_in(excerpt)
    if letters < MIN_LETTERS:
        return _undecided(f"too short: {letters} letters, {MIN_LETTERS} are needed"), {}
    script, share = _script_of(excerpt)
    only = _ONE_LANGUAGE.get(script)
    if only is not None and (allowed is None or only in allowed):
        confidence = round(min(share, _MAX_CONFIDENCE), 3)
        return LanguageDecision(
            code=only, confidence=confidence, decided_by="script", reason=f"{share:.0%} of the letters are {_script_name(script)}"
        ), {only: confidence}
    if script not in _PROFILES:
        return _undecided(f"written in a script ({script}) that no known language uses"), {}
    vote = _vote(excerpt, script, allowed) if script in {"Latin", "Cyrillic"} else _Vote({}, {}, 0)
    guesses = _langdetect(excerpt[:_LANGDETECT_CHARACTERS], script, allowed)
    floor = max(_LANGDETECT_FLOOR, 0.08 * (1 - letters / _LANGDETECT_SHORT))
    scores = {}
    for code in {*vote.scores, *guesses}:
        heard = guesses.get(code)
        if heard is None and code in _RELATIVES:
            relatives, discount = _RELATIVES[code]
            heard = discount * max(guesses.get(relative, 0.0) for relative in relatives)
        if heard is None:
            language = languages.get(code)
            heard = _UNHEARD if language is None or language.langdetect is None else 0.0
        scores[code] = vote.scores.get(code, 0.0) + math.log(max(heard, floor))
    ranking = _posterior(scores)
    if not ranking:
        return _undecided("nothing in the text speaks for any language"), {}
    code, probability = ranking[0]
    probabilities = dict(ranking)
    said = max(guesses, key=lambda item: (guesses[item], item), default=None)
    evidence = f"{vote.hits.get(code, 0)} of {vote.tokens} words are its own; langdetect says " + (
        f"{said} ({guesses[said]:.2f})" if said else "nothing"
    )
    runner_up = f"; next is {ranking[1][0]} ({ranking[1][1]:.2f})" if len(ranking) > 1 and ranking[1][1] >= 0.005 else ""
    if probability < MIN_CONFIDENCE:
        return _undecided(f"not sure enough: {code} ({probability:.2f}){runner_up}; {evidence}", probability), probabilities
    if not vote.hits.get(code) and guesses.get(code, 0.0) < 0.99:
        return _undecided(f"no known word in the text; {evidence}", probability), probabilities
    return LanguageDecision(
        code=code,
        confidence=round(min(probability, _MAX_CONFIDENCE), 3),
        decided_by="langdetect" if said == code else "lexicon",
        reason=f"{evidence}{runner_up}",
    ), probabilities


def _script_name(script: str) -> str:
    return "Japanese" if script == "Kana" else script


def detect(
    text: str, *, declared: str | None = None, declared_by: str = "given", candidates: Collection[str] | None = None
) -> LanguageDecision:
    """Decide the language of `text`.

    `declared` is what someone says it is (any common tag); it wins unless the text clearly says otherwise, and
    `declared_by` (given, sidecar, markup) then stands in the decision. `candidates` are BCP 47 codes to choose from.
    The code is ``und`` where the text is too short or the answer too unsure; `reason` always says what was decided and why.
    """
    allowed = {languages.normalise(code) for code in candidates} if candidates is not None else None
    decision, probabilities = _from_text(text, allowed)
    if declared is None or not declared.strip():
        return decision
    known = languages.normalise(declared)
    if known == languages.UNDETERMINED:
        return decision.model_copy(update={"reason": f"declared {declared.strip()[:20]!r} is no known language; {decision.reason}"})
    if decision.code == known:
        return LanguageDecision(
            code=known,
            confidence=max(decision.confidence, 0.9),
            decided_by=declared_by,
            reason=f"declared {known}, the text agrees: {decision.reason}",
        )
    clear = (
        decision.code != languages.UNDETERMINED
        and decision.confidence >= OVERRULE_CONFIDENCE
        and _letters_in(text[: OVERRULE_LETTERS * 20]) >= OVERRULE_LETTERS
    )
    if clear:
        return decision.model_copy(update={"reason": f"declared {known}, but the text clearly says {decision.code}: {decision.reason}"})
    doubt = probabilities.get(known)
    confidence = 0.8 if doubt is None or doubt >= 0.05 else 0.6
    return LanguageDecision(
        code=known, confidence=confidence, decided_by=declared_by, reason=f"declared {known}; the text does not decide: {decision.reason}"
    )


def plausibility(text: str) -> float:
    """How well the words and letters of `text` fit the language they fit best, in natural logarithms of odds.

    For comparing readings of the same bytes in different encodings: garbled words score below zero.
    """
    script, _ = _script_of(text)
    if script not in {"Latin", "Cyrillic", "Greek"}:
        return 0.0
    odd = len(_ODD_INSIDE.findall(text)) + 2 * len(_MIXED_SCRIPTS.findall(text))
    scores = _vote(text, script, None).scores
    return max(scores.values(), default=0.0) - _FOREIGN_LETTER * odd


def conflicts(declared: str | None, decision: LanguageDecision) -> bool:
    """True when a known language was declared and another one was decided."""
    known = languages.normalise(declared) if declared else languages.UNDETERMINED
    return languages.UNDETERMINED not in {known, decision.code} and known != decision.code


def detect_blocks(document: Document, candidates: Sequence[str] | None = None) -> dict[int, LanguageDecision]:
    """The blocks, by index, that are surely in another language than the document; short blocks abstain."""
    found: dict[int, LanguageDecision] = {}
    home = document.language.code
    for index, block in enumerate(document.blocks):
        text = document.text[block.start : block.end]
        if block.kind is BlockKind.FIELD and block.value is not None:
            text = document.text[block.value.start : block.value.end]
        if len(text) < BLOCK_LETTERS or _letters_in(text[: 20 * BLOCK_LETTERS]) < BLOCK_LETTERS or _speaks_for(text, home):
            continue
        decision = detect(text, candidates=candidates)
        if decision.code not in {home, languages.UNDETERMINED} and decision.confidence >= BLOCK_CONFIDENCE:
            found[index] = decision
    return found


def _speaks_for(text: str, home: str) -> bool:
    """True when a block's words leave little doubt that it is in its document's language: no more is then asked."""
    words = _vocabulary().get(home)
    if words is None:
        return False
    tokens = _WORD_RE.findall(_fold(text[:_VOTE_CHARACTERS]))
    return sum(token in words.words for token in tokens) * 4 >= len(tokens)
