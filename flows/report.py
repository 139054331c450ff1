"""What an ingest run says at its end: counts and a verdict. It measures nothing itself."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Verdict = Literal["complete", "incomplete", "empty"]

Failure = tuple[str, str, str]
"""Source, code and message of a document that went to quarantine."""


@dataclass(slots=True)
class Counts:
    """Documents by what became of them, and the events in the new and changed ones.

    A duplicate is another copy of a document that is stored under the name of the first.
    """

    seen: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    duplicates: int = 0
    quarantined: int = 0
    events: int = 0

    def add(self, other: Counts) -> None:
        """Adds another batch's counts."""
        self.seen += other.seen
        self.new += other.new
        self.changed += other.changed
        self.unchanged += other.unchanged
        self.duplicates += other.duplicates
        self.quarantined += other.quarantined
        self.events += other.events


@dataclass(slots=True)
class RunReport:
    """The end of a run. `problems` are arguments that led to no document; `failures` are (source, code, message)."""

    run_id: str
    pipeline: str
    counts: Counts = field(default_factory=Counts)
    problems: list[str] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    events_stored: int = 0
    documents_stored: int = 0

    @property
    def verdict(self) -> Verdict:
        """`complete`: every document was worked up or is unchanged. `empty`: there was none, which is told apart from success."""
        if self.problems or self.failures or self.counts.quarantined:
            return "incomplete"
        return "complete" if self.counts.seen else "empty"

    def as_json(self) -> dict[str, Any]:
        """The report as a JSON object."""
        return {
            "verdict": self.verdict,
            "run_id": self.run_id,
            "pipeline": self.pipeline,
            "counts": asdict(self.counts),
            "documents_stored": self.documents_stored,
            "events_stored": self.events_stored,
            "problems": self.problems,
            "failures": [{"source": source, "code": code, "message": message} for source, code, message in self.failures],
        }
