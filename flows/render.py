"""What people see in the terminal: coloured source text, event lists, tables. Text of documents is never read as markup."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from flows.evaluate import EVENT_FIELDS, FIELDS, Evaluation, Score
from flows.standard_streams import quiet_pipe

STYLES: Final = {
    "date": "bold green",
    "place": "bold cyan",
    "organisation": "bold magenta",
    "person": "bold yellow",
    "contact": "bold blue",
    "code": "bold red",
}
"""The colour of each kind of found span."""

_KEPT_CONTROLS: Final = {"\n", "\t"}


class QuietConsole(Console):
    """A console whose reader may leave before the end; that is no failure."""

    def on_broken_pipe(self) -> None:
        """Ends without a word."""
        quiet_pipe()
        raise SystemExit(0)


def console(*, stderr: bool = False) -> Console:
    """A console for one of the two outputs; without colour, and 160 columns wide, where it is no terminal."""
    made = QuietConsole(stderr=stderr, highlight=False, markup=False, emoji=False)
    if not made.is_terminal and "COLUMNS" not in os.environ:
        made.width = 160
    return made


def visible(text: str) -> str:
    """`text` with every control character (an escape sequence, say) replaced, so that a document cannot steer the terminal.

    The length stays, so offsets still hold.
    """
    return "".join("�" if unicodedata.category(char) in {"Cc", "Cs"} and char not in _KEPT_CONTROLS else char for char in text)


def spans(result: Mapping[str, Any]) -> list[tuple[int, int, str]]:
    """The found spans of an ExtractionResult (as JSON) in its text: start, end, kind; sorted, each once."""
    mentions = result["mentions"]
    found: list[tuple[Mapping[str, Any], str]] = []
    for name, kind in (("dates", "date"), ("places", "place"), ("codes", "code")):
        found += [(mention["evidence"], kind) for mention in mentions[name]]
    for name, kind in (("organisations", "organisation"), ("persons", "person"), ("contacts", "contact")):
        found += [(evidence, kind) for mention in mentions[name] for evidence in mention["evidence"]]
    found += [(phone["evidence"], "contact") for contact in mentions["contacts"] for phone in contact["phones"]]
    return sorted(
        {
            (evidence["start"], evidence["end"], kind)
            for evidence, kind in found
            if evidence["source"] == "text" and evidence["start"] is not None and evidence["end"] is not None
        }
    )


def document_text(result: Mapping[str, Any]) -> Text:
    """The source text with its found spans in colour."""
    text = Text(visible(result["document"]["text"]))
    # Long spans first, so that a short one inside stays visible.
    for start, end, kind in sorted(spans(result), key=lambda span: span[0] - span[1]):
        text.stylize(STYLES[kind], start, end)
    return text


def legend(result: Mapping[str, Any]) -> Text:
    """The kinds of spans found, each in its colour, with their number."""
    numbers: dict[str, int] = {}
    for _, _, kind in spans(result):
        numbers[kind] = numbers.get(kind, 0) + 1
    line = Text()
    for kind, style in STYLES.items():
        if kind in numbers:
            line.append(f" {kind} ", style=f"{style} reverse").append(f" {numbers[kind]}  ")
    return line


def print_result(target: Console, result: Mapping[str, Any]) -> None:
    """One document: where it is from, its text in colour, a legend, its events."""
    document = result["document"]
    target.rule(Text(visible(document["source"]), style="bold"), align="left", characters="─")
    target.print(Text(_about(result), style="dim"))
    target.print()
    target.print(document_text(result), soft_wrap=True)
    target.print()
    if target.color_system is not None and spans(result):
        target.print(legend(result))
        target.print()
    if not result["events"]:
        target.print(Text("no event found", style="dim"))
    for number, event in enumerate(result["events"], 1):
        target.print(event_text(event, number), soft_wrap=True)
    loose = [deadline for deadline in result["deadlines"] if not any(deadline in event["deadlines"] for event in result["events"])]
    if loose:
        target.print(Text("deadlines without an event: ").append(_deadlines(loose), style=STYLES["date"]), soft_wrap=True)
    target.print()


def _about(result: Mapping[str, Any]) -> str:
    document = result["document"]
    language = document["language"]
    parts = [f"language {language['code']} ({language['decided_by']}, {language['confidence']:.2f})"]
    if document["published"]:
        parts.append(f"published {document['published']['value']} ({document['published']['basis']})")
    if document["translation"]:
        parts.append(f"translation {document['translation']['status'].replace('_', ' ')}")
    warnings = [*document["warnings"], *result["warnings"]]
    if warnings:
        parts.append(f"warnings {', '.join(dict.fromkeys(warnings))}")
    return visible(", ".join(parts))


def event_text(event: Mapping[str, Any], number: int) -> Text:
    """One event in a few lines: title, when, where, who, until when, whom to ask, and the words that say so."""
    text = Text(f"{number}. ", style="bold").append(visible(event["title"]), style="bold")
    if event["title_en"] and event["title_en"] != event["title"]:
        text.append(f" [{visible(event['title_en'])}]")
    text.append(f"  {event['kind'].replace('_', ' ')}, {event['status']}, {event['mode'].replace('_', ' ')}\n", style="dim")
    by_role: dict[str, list[str]] = {}
    for organisation in event["organisations"]:
        by_role.setdefault(organisation["role"].replace("_", "-"), []).append(organisation["name"])
    lines = [
        ("when", when_text(event["when"]), "date"),
        ("where", "; ".join(filter(None, (place_text(place) for place in event["places"]))), "place"),
        *((role, "; ".join(names), "organisation") for role, names in by_role.items()),
        ("deadline", _deadlines(event["deadlines"]), "date"),
        ("contact", "; ".join(contact_text(contact) for contact in event["contacts"]), "contact"),
        ("link", "  ".join(f"{link['kind']} {link['url']}" for link in event["links"]), "contact"),
        ("programme", ", ".join(event["programmes"]), "code"),
    ]
    for label, value, kind in lines:
        if value:
            text.append(f"   {label:<14}", style="dim").append(visible(value), style=STYLES[kind]).append("\n")
    quote = next((evidence["quote"] for evidence in event["evidence"].get("when", []) if evidence["quote"]), None)
    if quote:
        text.append(f"   {'because of':<14}", style="dim").append(f"“{visible(' '.join(quote.split()))}”\n", style="italic")
    return text


def when_text(when: Mapping[str, Any]) -> str:
    """A date or interval for people: ``2024-03-19 to 2024-03-20, 10:00 to 15:00 (Europe/Brussels)``."""
    text = str(when["start"])
    if when["end"] and when["end"] != when["start"]:
        text += f" to {when['end']}"
    if when["start_time"]:
        text += f", {when['start_time']}" + (f" to {when['end_time']}" if when["end_time"] else "")
    elif when["end_time"]:
        text += f", until {when['end_time']}"
    if when["timezone"]:
        text += f" ({when['timezone']})"
    if any(mark in when["edtf"] for mark in "?~%"):
        text += " (uncertain)"
    return text


def place_text(place: Mapping[str, Any]) -> str:
    """A place on one line: venue, city, else region, country."""
    parts = (place.get("venue"), place.get("city") or place.get("region"), place.get("country"))
    return ", ".join(part for part in parts if part)


def contact_text(contact: Mapping[str, Any]) -> str:
    """A contact on one line."""
    numbers = [phone["e164"] or phone["raw"] for phone in contact["phones"]]
    parts = [contact["name"], contact["job_title"], contact["organisation"], contact["email"], *numbers]
    return ", ".join(part for part in parts if part)


def _deadlines(deadlines: Iterable[Mapping[str, Any]]) -> str:
    return "; ".join(f"{deadline['kind']} {when_text(deadline['when'])}" for deadline in deadlines)


def events_table(events: Sequence[Mapping[str, Any]], title: str | None = None) -> Table:
    """Event records (as JSON) as a table, a line each."""
    table = Table(box=box.SIMPLE_HEAD, title=title, title_justify="left", title_style="bold", expand=False, pad_edge=False)
    table.add_column("when", style=STYLES["date"], no_wrap=True)
    table.add_column("event", overflow="fold", ratio=3)
    table.add_column("kind", no_wrap=True)
    table.add_column("where", style=STYLES["place"], overflow="fold", ratio=2)
    table.add_column("lang", no_wrap=True)
    table.add_column("source", style="dim", overflow="fold", ratio=2)
    for event in events:
        title_text = Text(visible(event["title_en"] or event["title"]))
        if event["status"] in {"cancelled", "postponed"}:
            title_text.append(f" ({event['status']})", style="bold red")
        where = "; ".join(dict.fromkeys(filter(None, (place_text(place) for place in event["places"]))))
        if event["mode"] in {"online", "hybrid"}:
            where = f"{where} ({event['mode']})" if where else event["mode"]
        table.add_row(
            Text(_days(event["when"])),
            title_text,
            Text(event["kind"].replace("_", " ")),
            Text(visible(where)),
            Text(event["language"]),
            Text(visible(event["source"])),
        )
    return table


def _days(when: Mapping[str, Any]) -> str:
    start, end = str(when["start"]), when["end"]
    if end and end != start:
        # 2024-03-19/20 within a month: the column stays narrow.
        start += f"/{end[8:]}" if len(end) == 10 and end[:8] == start[:8] else f"/{end}"
    return start + ("~" if any(mark in when["edtf"] for mark in "?~%") else "")


def scores_tables(evaluation: Evaluation) -> list[Table]:
    """An evaluation as two tables: every field in total, and the main figures by language."""
    fields = Table(box=box.SIMPLE_HEAD, title="by field", title_justify="left", title_style="bold", pad_edge=False)
    fields.add_column("field")
    for name in ("precision", "recall", "F1", "right", "extra", "missed"):
        fields.add_column(name, justify="right")
    for name in FIELDS:
        score = evaluation.total.fields[name]
        if score.f1 is not None:
            ratios = (_ratio(value) for value in (score.precision, score.recall, score.f1))
            label = f"  {name}" if name in EVENT_FIELDS else name
            fields.add_row(label, *ratios, str(score.right), str(score.extra), str(score.missed))
    groups = {
        "event P": ("event",), "event R": ("event",), "event F1": ("event",), "dates": ("start", "end", "start_time", "end_time"),
        "places": ("city", "country", "venue"), "organisers": ("organisers",), "deadlines": ("deadlines",),
        "organisations": ("organisations",), "locations": ("locations",), "contacts": ("contacts",),
    }  # fmt: skip
    table = Table(box=box.SIMPLE_HEAD, title="F1 by language", title_justify="left", title_style="bold", pad_edge=False)
    table.add_column("language")
    table.add_column("documents", justify="right")
    for name in groups:
        table.add_column(name, justify="right")
    table.add_column("false events", justify="right")
    rows = [*sorted(evaluation.languages.items()), ("total", evaluation.total)]
    for position, (code, scores) in enumerate(rows):
        values = []
        for name, members in groups.items():
            total = Score()
            for member in members:
                total.add(scores.fields[member])
            values.append(_ratio(total.precision if name == "event P" else total.recall if name == "event R" else total.f1))
        false = f"{scores.false_event_documents}/{scores.without_events}" if scores.without_events else "-"
        table.add_row(
            code,
            str(scores.documents),
            *values,
            false,
            style="bold" if code == "total" else None,
            end_section=position == len(evaluation.languages) - 1,
        )
    return [fields, table]


def _ratio(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def plain_table(columns: Sequence[str], rows: Iterable[Sequence[str]], title: str | None = None) -> Table:
    """A table of texts."""
    table = Table(box=box.SIMPLE_HEAD, title=title, title_justify="left", title_style="bold", pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(Text(visible(cell)) for cell in row))
    return table
