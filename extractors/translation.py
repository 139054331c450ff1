"""Translation to English with Argos packages, aligned sentence by sentence. Facts are never taken from it alone.

argostranslate gives the packages and their tokenizers; ctranslate2 is called directly, all units of a document
in one batch. `argostranslate.translate` is never imported: it loads a sentence splitter under the AGPL and a
runtime that reports home. Nothing is downloaded here.
"""

from __future__ import annotations

import itertools
import json
import os
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from extractors import languages
from extractors.dates import sentence_bounds
from schemas import AlignedSentence, BlockKind, Document, Translation, TranslationStatus

BEAM_SIZE: Final = 2
"""Beam width; 2 gives the published quality within noise at twice the speed of 4."""
BATCH_TOKENS: Final = 2048
"""Tokens decoded together; the throughput no longer grows beyond."""
_LENGTH_PENALTY: Final = 0.2
_MAX_STEPS: Final = 256
_PROTECTED: Final = (
    re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}"),
    re.compile(r"(?:https?://|www\.)[^\s<>\"')\]]{2,500}[^\s<>\"')\].,;:!?]"),
    re.compile(r"\+\d[\d ()/.-]{5,24}\d"),
    re.compile(r"\b[A-Z]{2,12}[-/_]?\d[\w/-]{0,30}\b|\b\d{1,9}/\d{4}\b|\b\d{8}-\d\b"),
)
_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
_LETTERS = re.compile(r"[^\W\d_]{2,}")


@dataclass(frozen=True, slots=True)
class InstalledPackage:
    """An Argos package on this machine; codes are Argos's own."""

    from_code: str
    to_code: str
    version: str
    path: Path


def packages_folders() -> list[Path]:
    """Where Argos packages are looked for: ``ARGOS_PACKAGES_DIR``, else argostranslate's own folder under the user's data."""
    named = os.environ.get("ARGOS_PACKAGES_DIR")
    if named:
        return [Path(named)]
    data = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    return [data / "argos-translate" / "packages"]


def installed_packages() -> list[InstalledPackage]:
    """The usable packages, sorted by pair; of two versions of a pair the higher one. A broken folder is passed over."""
    best: dict[tuple[str, str], InstalledPackage] = {}
    for folder in packages_folders():
        if not folder.is_dir():
            continue
        for path in sorted(folder.iterdir()):
            package = _read_package(path)
            if package is None:
                continue
            key = (package.from_code, package.to_code)
            if key not in best or _version_key(package.version) > _version_key(best[key].version):
                best[key] = package
    return [best[key] for key in sorted(best)]


def _version_key(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version))


def _read_package(path: Path) -> InstalledPackage | None:
    try:
        meta = json.loads((path / "metadata.json").read_text("utf-8"))
        package = InstalledPackage(str(meta["from_code"]), str(meta["to_code"]), str(meta["package_version"]), path)
    except (OSError, ValueError, KeyError, TypeError):
        return None
    complete = (path / "model" / "model.bin").is_file() and any((path / name).is_file() for name in ("sentencepiece.model", "bpe.model"))
    return package if complete else None


def package_for(language: str) -> InstalledPackage | None:
    """The package that reads `language` (BCP 47) into English, or None. No pivoting, no neighbour language."""
    known = languages.get(language)
    wanted = known.argos if known else None
    if not wanted:
        return None
    return next((package for package in installed_packages() if package.from_code == wanted and package.to_code == "en"), None)


def off() -> Translation:
    """The translation of a run that was told not to translate."""
    return Translation(status=TranslationStatus.OFF, reason="switched off by the caller")


def translate(document: Document) -> Translation:
    """The English reading of `document`, or why there is none. Never raises for a document or a package."""
    code = document.language.code
    if code.split("-")[0] == "en":
        return Translation(status=TranslationStatus.NOT_NEEDED, reason="the document is in English")
    if code == "und":
        return Translation(status=TranslationStatus.UNAVAILABLE, reason="the document's language was not decided")
    package = package_for(code)
    if package is None:
        return Translation(status=TranslationStatus.UNAVAILABLE, reason=_missing(code))
    try:
        engine = load(package)
        return _translate(document, engine)
    except Exception as error:  # a broken model must not cost the document
        return Translation(status=TranslationStatus.FAILED, reason=f"package {package.path.name}: {type(error).__name__}: {error}")


def _missing(code: str) -> str:
    known = languages.get(code)
    if known is None or not known.argos:
        return f"Argos offers no package from {known.name if known else code} to English"
    command = f"argospm update && argospm install translate-{known.argos}_en"
    return f"no Argos package from {known.name} to English is installed; install it with: {command}"


class Engine:
    """One loaded package."""

    def __init__(self, package: InstalledPackage) -> None:
        import ctranslate2
        from argostranslate.tokenizer import BPETokenizer, SentencePieceTokenizer

        self.package = package
        pieces = package.path / "sentencepiece.model"
        self._pieces = pieces.is_file()
        self.tokenizer: Any = (
            SentencePieceTokenizer(pieces) if self._pieces else BPETokenizer(package.path / "bpe.model", package.from_code, package.to_code)
        )
        # compute_type stays at its default: "auto" makes some packages emit garbage.
        self.model: Any = ctranslate2.Translator(
            str(package.path / "model"), device="cpu", inter_threads=os.cpu_count() or 1, intra_threads=1
        )
        meta = json.loads((package.path / "metadata.json").read_text("utf-8"))
        self.prefix = str(meta.get("target_prefix") or "")
        digest = sha256((package.path / "model" / "model.bin").read_bytes()).hexdigest()
        self.name = f"argos {package.from_code}-{package.to_code} {package.version} sha256:{digest[:16]}"

    def run(self, units: Sequence[str], *, beam_size: int = BEAM_SIZE) -> list[str]:
        """The English of each unit, equal ones translated once. Groups of like length share a cap on the output."""
        unique = list(dict.fromkeys(units))
        tokens = [self.tokenizer.encode(unit) for unit in unique]
        order = sorted(range(len(unique)), key=lambda index: (len(tokens[index]), index))
        english: dict[str, str] = {}
        while order:
            longest = max(2 * len(tokens[order[0]]) + 8, 16)
            group = [index for index in order if len(tokens[index]) <= longest]
            order = order[len(group) :]
            results = self.model.translate_batch(
                [tokens[index] for index in group],
                target_prefix=[[self.prefix]] * len(group) if self.prefix else None,
                max_batch_size=BATCH_TOKENS,
                batch_type="tokens",
                beam_size=beam_size,
                replace_unknowns=True,
                length_penalty=_LENGTH_PENALTY,
                max_decoding_length=min(_MAX_STEPS, 3 * len(tokens[group[-1]]) + 16),
            )
            for index, result in zip(group, results, strict=True):
                english[unique[index]] = self._decode(result.hypotheses[0])
        return [english[unit] for unit in units]

    def _decode(self, tokens: list[str]) -> str:
        if self.prefix and tokens and tokens[0] == self.prefix:
            tokens = tokens[1:]
        if self._pieces:
            # argostranslate's own decoding turns every underscore into a space, which breaks e-mails and links.
            return str(self.tokenizer.lazy_processor().decode_pieces(tokens)).replace("\u2581", " ").strip()
        return str(self.tokenizer.decode(tokens)).strip()


@lru_cache(maxsize=2)
def load(package: InstalledPackage) -> Engine:
    """The engine of a package; the two used last stay loaded."""
    return Engine(package)


def units(document: Document) -> list[tuple[int, int]]:
    """The spans translated one by one, in order: sentences of paragraphs and list items, headings, field values, table cells."""
    text = document.text
    spans: list[tuple[int, int]] = []
    for block in document.blocks:
        if block.kind in {BlockKind.PARAGRAPH, BlockKind.LIST_ITEM}:
            bounds = sentence_bounds(text[block.start : block.end], document.language.code)
            pieces = [(block.start + low, block.start + high) for low, high in itertools.pairwise(bounds)]
        elif block.cells:
            pieces = [(cell.start, cell.end) for cell in block.cells]
        elif block.label is not None and block.value is not None:
            pieces = [(block.label.start, block.label.end), (block.value.start, block.value.end)]
        else:
            pieces = [(block.start, block.end)]
        for low, high in pieces:
            start, end = low, high
            while start < end and text[start].isspace():
                start += 1
            while end > start and text[end - 1].isspace():
                end -= 1
            if end > start:
                spans.append((start, end))
    return spans


def _translate(document: Document, engine: Engine) -> Translation:
    text = document.text
    spans = units(document)
    foreign = {span for span in spans if _goes_to_model(document, span)}
    sent = [_calm(text[start:end]) for start, end in spans if (start, end) in foreign]
    results = iter(engine.run(sent))
    english: list[str] = []
    sentences: list[AlignedSentence] = []
    at, length = 0, 0
    for start, end in spans:
        between = text[at:start]
        source = text[start:end]
        flags: list[str] = []
        if (start, end) in foreign:
            target, flags = _checked(source, next(results))
        else:
            target = source
        english.extend((between, target))
        length += len(between)
        sentences.append(AlignedSentence(start=start, end=end, english_start=length, english_end=length + len(target), flags=flags))
        length += len(target)
        at = end
    english.append(text[at:])
    whole = "".join(english)
    title = next((block for block in document.blocks if block.kind is BlockKind.TITLE), None)
    heading = next(
        (whole[s.english_start : s.english_end] for s in sentences if title is not None and s.start >= title.start and s.end <= title.end),
        None,
    )
    return Translation(status=TranslationStatus.TRANSLATED, engine=engine.name, text=whole, title=heading, sentences=sentences)


def _goes_to_model(document: Document, span: tuple[int, int]) -> bool:
    """False for units with nothing to translate and for blocks already in English: they are copied."""
    source = document.text[span[0] : span[1]]
    bare = source
    for pattern in _PROTECTED:
        bare = pattern.sub(" ", bare)
    if not _LETTERS.search(bare):
        return False
    block = next((block for block in document.blocks if block.start <= span[0] < block.end), None)
    return block is None or block.language != "en"


def _calm(source: str) -> str:
    """A line in capitals goes in sentence case: models copy capitals or invent."""
    letters = [letter for letter in source if letter.isalpha()]
    if len(source.split()) >= 2 and len(letters) >= 6 and sum(letter.isupper() for letter in letters) > 0.8 * len(letters):
        low = source.lower()
        return low[:1].upper() + low[1:]
    return source


def _numbers(text: str) -> Counter[str]:
    """The figures of a text as a multiset, separators normalised: 1.200 = 1,200, 39,7 = 39.7, 12.00 = 12:00."""
    found: Counter[str] = Counter()
    for match in _NUMBER.finditer(text):
        number = re.sub(r"[.,](?=\d{3}(?!\d))", "", match[0])
        found[re.sub(r"\.0+$", "", re.sub(r"[,:]", ".", number))] += 1
    return found


def _checked(source: str, english: str) -> tuple[str, list[str]]:
    """The unit's English with every protected string in it, and what is wrong with it: protected, numbers, loop, length, untranslated."""
    flags: list[str] = []
    lost = [match[0] for pattern in _PROTECTED for match in pattern.finditer(source) if match[0] not in english]
    for string in dict.fromkeys(lost):
        english = f"{english} [{string}]"
        flags.append("protected")
    if _numbers(source) != _numbers(english):
        flags.append("numbers")
    words = english.lower().split()
    if len(words) >= 9 and len(set(words)) < len(words) / 3:
        flags.append("loop")
    if len(source) >= 20 and not 0.3 <= len(english) / len(source) <= 3:
        flags.append("length")
    if len(words) >= 4 and english.strip().lower() == source.strip().lower():
        flags.append("untranslated")
    return english, list(dict.fromkeys(flags))
