"""Documents per second and peak memory of `extract` over the samples, with named-entity recognition and without it.

    python benchmarks/pipeline.py [--folder samples] [--rounds 3]

Each variant runs in an interpreter of its own, so that its memory is its own. The first round, which loads models and lexicons, is told
apart from the best of the others. Nothing is translated, stored or fetched.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
VARIANTS = {"all": "as it runs", "no-ner": "without named entities", "read": "page and language alone"}


def documents(folder: Path) -> list[tuple[bytes, str, dict[str, str] | None]]:
    """Bytes, name and sidecar of every document below a folder."""
    found = []
    for path in sorted(path for path in folder.rglob("*") if path.suffix in {".txt", ".html"}):
        sidecar = path.with_suffix(".meta.json")
        meta = json.loads(sidecar.read_text("utf-8")) if sidecar.is_file() else None
        found.append((path.read_bytes(), path.relative_to(folder).as_posix(), meta))
    if not found:
        sys.exit(f"{folder}: no .txt or .html here; name a folder with documents")
    return found


def measure(folder: Path, variant: str, rounds: int) -> dict[str, float]:
    """Seconds of the first and of the best later round, seconds spent on entities in that, events found, and peak memory in MiB."""
    from extractors import ner, page
    from extractors.pipeline import extract

    inside = 0.0
    entities = ner.entities

    def timed(texts: Sequence[str], model: str) -> list[list[ner.Entity]]:
        nonlocal inside
        begin = time.perf_counter()
        found = entities(texts, model) if variant == "all" else [[] for _ in texts]
        inside += time.perf_counter() - begin
        return found

    ner.entities = timed
    batch = documents(folder)
    seconds: list[tuple[float, float]] = []
    events = 0
    for _ in range(rounds + 1):
        inside, begin, events = 0.0, time.perf_counter(), 0
        for data, name, meta in batch:
            if variant == "read":
                page.read(data, name, meta=meta)
            else:
                events += len(extract(data, name, meta=meta, translate=False).events)
        seconds.append((time.perf_counter() - begin, inside))
    best, entity_seconds = min(seconds[1:])
    unit = 1024 * 1024 if sys.platform == "darwin" else 1024
    return {
        "documents": len(batch),
        "bytes": sum(len(data) for data, _, _ in batch),
        "events": events,
        "first": seconds[0][0],
        "best": best,
        "entities": entity_seconds,
        "mebibytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit,
    }


def main() -> None:
    """Runs every variant and prints a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, default=ROOT / "samples", help="folder with documents")
    parser.add_argument("--rounds", type=int, default=3, help="rounds after the first one")
    parser.add_argument("--variant", choices=VARIANTS, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.variant:
        print(json.dumps(measure(arguments.folder, arguments.variant, max(arguments.rounds, 1))))
        return
    print(f"{'variant':26}{'documents/s':>12}{'ms/document':>13}{'kB/s':>8}{'entities':>10}{'first round':>13}{'peak':>10}{'events':>8}")
    for variant, name in VARIANTS.items():
        command = [sys.executable, __file__, "--folder", arguments.folder, "--rounds", str(arguments.rounds), "--variant", variant]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        if done.returncode:
            sys.exit(done.stderr)
        found = json.loads(done.stdout)
        rate = found["documents"] / found["best"]
        print(
            f"{name:26}{rate:12.1f}{1000 / rate:13.1f}{found['bytes'] / found['best'] / 1000:8.0f}{found['entities'] / found['best']:10.0%}"
            f"{found['first']:11.2f} s{found['mebibytes']:6.0f} MiB{found['events']:8.0f}"
        )


if __name__ == "__main__":
    main()
