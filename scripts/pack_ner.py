"""Pack a trained spaCy NER pipeline into the small archive the package ships: weights as float16, xz-compressed.

    python scripts/pack_ner.py MODEL_DIR extractors/data/ner/xx_news.xz

Run once by a developer after training. Predictions are the same as with the float32 weights on the training
project's development sentences; `tests/test_ner.py` checks a few.
"""

from __future__ import annotations

import lzma
import sys
from pathlib import Path

import numpy
import spacy
import srsly


def _halve(value: object) -> object:
    if isinstance(value, numpy.ndarray) and value.dtype == numpy.float32:
        return value.astype(numpy.float16)
    if isinstance(value, dict):
        return {key: _halve(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_halve(item) for item in value]
    return value


def main() -> None:
    """Read the model directory named first, write the archive named second."""
    source, target = Path(sys.argv[1]), Path(sys.argv[2])
    nlp = spacy.load(source)
    ner = nlp.get_pipe("ner")
    model = _halve(srsly.msgpack_loads(ner.model.to_bytes()))
    packed = {
        "config": nlp.config.to_str(),
        "moves": ner.moves.to_bytes(),
        "tokenizer": nlp.tokenizer.to_bytes(),
        "model": srsly.msgpack_dumps(model),
    }
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(lzma.compress(srsly.msgpack_dumps(packed), preset=9))
    sys.stdout.write(f"{target}: {target.stat().st_size} bytes\n")


if __name__ == "__main__":
    main()
