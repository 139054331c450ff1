"""The command line `procnews`. It parses, calls and prints; the work is done elsewhere.

Everything heavy is imported inside the commands, so that ``procnews --help`` answers at once.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from flows.errors import ExitCode, FlowError, UsageError, one_line
from flows.settings import data_dir, debug, store_url
from flows.standard_streams import quiet_pipe

if TYPE_CHECKING:
    from flows.processing import Options
    from flows.report import RunReport
    from flows.sources import Source
    from schemas import ExtractionResult

_EXIT_CODES = (
    "Exit codes: 0 all well; 1 some documents were quarantined or failed, or doctor found an error; 2 wrong usage or unusable input; "
    "3 nothing could be done (store unwritable, no server); 4 evaluate is below --min-f1; 130 interrupted."
)

app = typer.Typer(
    name="procnews",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Reads public-procurement news in many European languages and turns it into event records.",
    epilog=_EXIT_CODES,
)
quarantine_app = typer.Typer(no_args_is_help=True, help="Documents that could not be worked up: list, retry, drop.", epilog=_EXIT_CODES)
models_app = typer.Typer(no_args_is_help=True, help="Translation packages on this machine.", epilog=_EXIT_CODES)
app.add_typer(quarantine_app, name="quarantine")
app.add_typer(models_app, name="models")


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        _out(f"procnews {version('procnews')}\n")
        raise typer.Exit


@app.callback()
def _common(
    version: Annotated[bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")] = False,
) -> None:
    pass


class ExtractFormat(StrEnum):
    """How `extract` prints."""

    TEXT = "text"
    JSON = "json"
    JSONL = "jsonl"


class EventsFormat(StrEnum):
    """How `events` prints."""

    TABLE = "table"
    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"


class TableFormat(StrEnum):
    """How the other commands print."""

    TABLE = "table"
    JSON = "json"


Data = Annotated[
    Path | None,
    typer.Option("--data", help="Folder for the database and all files. Default: PROCNEWS_DATA, else the platform's.", show_default=False),
]
StoreOption = Annotated[
    str | None,
    typer.Option(
        "--store",
        help="Database: SQLAlchemy URL or SQLite file. Default: procnews.db in the data folder.",
        show_default=False,
    ),
]
Published = Annotated[
    str | None, typer.Option("--published", metavar="DATE", help="Publication date of every document, YYYY-MM-DD.", show_default=False)
]
Language = Annotated[
    str | None, typer.Option("--language", metavar="CODE", help="Language of every document, such as da or pt-BR.", show_default=False)
]
ReadOn = Annotated[
    str | None,
    typer.Option("--read-on", metavar="DATE", help="Day of reading, for documents without a date. Default: today.", show_default=False),
]
NoTranslate = Annotated[bool, typer.Option("--no-translate", help="Do not translate; read the original only.")]
AllowPrivate = Annotated[bool, typer.Option("--allow-private", help="Fetch URLs on private and loopback addresses too.")]
TableOutput = Annotated[TableFormat, typer.Option("--format", help="How to print.")]


@app.command(epilog=_EXIT_CODES)
def ingest(
    inputs: Annotated[list[str], typer.Argument(metavar="PATH|URL...", help="Files, folders (.txt .html .htm .xhtml) and http(s) URLs.")],
    *,
    data: Data = None,
    store: StoreOption = None,
    published: Published = None,
    language: Language = None,
    read_on: ReadOn = None,
    no_translate: NoTranslate = False,
    allow_private: AllowPrivate = False,
    workers: Annotated[int, typer.Option("--workers", min=1, max=256, help="Processes that work up documents.")] = 1,
    batch_size: Annotated[int, typer.Option("--batch-size", min=1, max=1000, help="Documents per Prefect task.")] = 50,
    output: TableOutput = TableFormat.TABLE,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress and no table.")] = False,
) -> None:
    """Read documents, store their events, and write them as JSON Lines. Unchanged documents cost a look-up."""
    settings = _options(published, language, read_on, no_translate, allow_private)
    _run(inputs, settings, data=data, store=store, workers=workers, batch_size=batch_size, output=output, quiet=quiet)


@app.command(epilog=_EXIT_CODES)
def extract(
    inputs: Annotated[list[str], typer.Argument(metavar="FILE|DIR|-", help="Documents; - reads standard input.")],
    *,
    published: Published = None,
    language: Language = None,
    read_on: ReadOn = None,
    no_translate: NoTranslate = False,
    allow_private: AllowPrivate = False,
    output: Annotated[ExtractFormat, typer.Option("--format", help="text: the source in colour, then its events; jsonl: a line each.")] = (
        ExtractFormat.TEXT
    ),
) -> None:
    """Show what is found in documents. Nothing is stored."""
    settings = _options(published, language, read_on, no_translate, allow_private)
    sources, problems = _sources(inputs)
    for problem in problems:
        _complain(problem)
    if not sources:
        raise typer.Exit(ExitCode.USAGE)
    results = _Results(sources, settings)
    _print_results(results, output, many=len(sources) > 1 or any(Path(argument).is_dir() for argument in inputs))
    if results.failed == len(sources):
        raise typer.Exit(ExitCode.USAGE)
    if results.failed or problems:
        raise typer.Exit(ExitCode.INCOMPLETE)


@app.command(epilog=_EXIT_CODES)
def events(
    *,
    data: Data = None,
    store: StoreOption = None,
    kind: Annotated[
        list[str] | None, typer.Option("--kind", help="Kind of event, such as workshop; may be repeated.", show_default=False)
    ] = None,
    country: Annotated[
        list[str] | None, typer.Option("--country", help="ISO 3166-1 alpha-2 code; may be repeated.", show_default=False)
    ] = None,
    language: Annotated[
        list[str] | None, typer.Option("--language", help="Language of the document; may be repeated.", show_default=False)
    ] = None,
    status: Annotated[
        list[str] | None, typer.Option("--status", help="scheduled, past, cancelled, postponed; may be repeated.", show_default=False)
    ] = None,
    from_date: Annotated[
        str | None, typer.Option("--from", metavar="DATE", help="Not over before YYYY[-MM[-DD]].", show_default=False)
    ] = None,
    to_date: Annotated[str | None, typer.Option("--to", metavar="DATE", help="Begun by YYYY[-MM[-DD]].", show_default=False)] = None,
    query: Annotated[
        str | None,
        typer.Option("--query", help="Words in title, place or organisation; accents and case do not matter.", show_default=False),
    ] = None,
    online: Annotated[bool, typer.Option("--online", help="Only events that can be attended online.")] = False,
    limit: Annotated[int | None, typer.Option("--limit", min=1, help="At most so many.", show_default=False)] = None,
    output: Annotated[EventsFormat, typer.Option("--format", help="How to print.")] = EventsFormat.TABLE,
) -> None:
    """List and filter the stored events, by date."""
    from itertools import islice

    from flows.records import first_day, last_day
    from flows.store import EventFilter, Store
    from schemas import EventKind, EventStatus

    wanted = EventFilter(
        kinds=_choices("--kind", kind, [member.value for member in EventKind]),
        countries=[_country(code) for code in country or ()],
        languages=[_language(code) for code in language or ()],
        statuses=_choices("--status", status, [member.value for member in EventStatus]),
        from_day=first_day(_partial_date("--from", from_date)),
        to_day=last_day(_partial_date("--to", to_date)),
        query=query,
        online=online,
    )
    opened = Store.open(store_url(data_dir(data), store), create=False)
    _print_events(islice(opened.events(wanted), limit), output)


@app.command(epilog=_EXIT_CODES)
def schema(
    name: Annotated[str, typer.Argument(help="Document, EventRecord or ExtractionResult.")] = "ExtractionResult",
    write: Annotated[bool, typer.Option("--write", help="Write all of them anew to schemas/json/ of this installation.")] = False,
) -> None:
    """Print the JSON Schema (2020-12) of a record."""
    from flows import schema_files

    if write:
        for path in schema_files.write():
            _out(f"{path}\n")
    else:
        _out(schema_files.text(schema_files.find(name)))


@app.command(epilog=_EXIT_CODES)
def languages(output: TableOutput = TableFormat.TABLE) -> None:
    """Show for every language what can be done here: detect, translate, find names, lexicon."""
    from flows.coverage import coverage

    rows = coverage()
    if output is TableFormat.JSON:
        _json([row.as_json() for row in rows])
        return
    from flows.render import console, plain_table

    columns = ("code", "language", "detect", "translate to English", "names", "lexicon")
    cells = [(row.code, row.name, row.detect, row.translate, row.names, "yes" if row.lexicon else "no") for row in rows]
    console().print(plain_table(columns, cells))


@app.command(epilog=_EXIT_CODES)
def evaluate(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder with golden samples.")] = Path("samples"),
    *,
    language: Annotated[
        list[str] | None, typer.Option("--language", help="Only samples of this language; may be repeated.", show_default=False)
    ] = None,
    no_translate: NoTranslate = False,
    details: Annotated[bool, typer.Option("--details", help="List everything that is wrong, sample by sample.")] = False,
    baseline: Annotated[
        Path | None, typer.Option("--baseline", metavar="FILE", help="Compare with an earlier --format json.", show_default=False)
    ] = None,
    min_f1: Annotated[
        float | None, typer.Option("--min-f1", min=0, max=1, help="Exit with 4 when the F1 of events is lower.", show_default=False)
    ] = None,
    output: TableOutput = TableFormat.TABLE,
) -> None:
    """Score the extraction of golden samples: precision, recall and F1 per field and per language."""
    from flows import evaluate as scoring

    found = scoring.samples(folder, [_language(code) for code in language or ()])
    before = _read_baseline(baseline)
    with _progress("evaluating", len(found)) as advance:
        evaluation = scoring.evaluate(found, translate=not no_translate, observe=lambda _: advance())
    for sample, message in evaluation.failures:
        _complain(f"{sample}: {message}")
    scores = evaluation.as_json()
    changes = list(scoring.compare(scores, before)) if before is not None else None
    if output is TableFormat.JSON:
        if changes is not None:
            scores["changes"] = [{"group": group, "field": name, "before": was, "now": now} for group, name, was, now in changes]
        if details:
            scores["remarks"] = [{"sample": sample, "remark": remark} for sample, remark in evaluation.remarks]
        _json(scores)
    else:
        _print_evaluation(evaluation, changes, details)
    event_f1 = evaluation.total.fields["event"].f1
    if min_f1 is not None and (event_f1 or 0.0) < min_f1:
        _complain(f"the F1 of events is {event_f1 or 0.0:.3f}, below {min_f1}; see --details for what is wrong")
        raise typer.Exit(ExitCode.BELOW_MINIMUM)
    if evaluation.failures:
        raise typer.Exit(ExitCode.INCOMPLETE)


@app.command(epilog=_EXIT_CODES)
def doctor(data: Data = None, store: StoreOption = None, output: TableOutput = TableFormat.TABLE) -> None:
    """Check packages, models, lexicons, gazetteer, store and offline settings, and say what to do."""
    from flows.doctor import checks

    folder = data_dir(data)
    found = list(checks(folder, store_url(folder, store)))
    if output is TableFormat.JSON:
        _json([check.as_json() for check in found])
    else:
        from flows.render import console, plain_table

        console().print(plain_table(("check", "state", "finding", "what to do"), [(c.name, c.status, c.finding, c.remedy) for c in found]))
    if any(check.status == "error" for check in found):
        raise typer.Exit(ExitCode.INCOMPLETE)


@quarantine_app.command("list", epilog=_EXIT_CODES)
def quarantine_list(data: Data = None, store: StoreOption = None, output: TableOutput = TableFormat.TABLE) -> None:
    """List what could not be worked up, and why."""
    from dataclasses import asdict

    from flows.store import Store

    entries = Store.open(store_url(data_dir(data), store), create=False).quarantined()
    if output is TableFormat.JSON:
        _json([asdict(entry) for entry in entries])
        return
    from flows.render import console, plain_table

    if not entries:
        _out("nothing is in quarantine\n")
        return
    rows = [(entry.source, entry.code, entry.message, str(entry.attempts), entry.last_at) for entry in entries]
    console().print(plain_table(("source", "code", "reason", "attempts", "last tried"), rows))


@quarantine_app.command("retry", epilog=_EXIT_CODES)
def quarantine_retry(
    *,
    data: Data = None,
    store: StoreOption = None,
    no_translate: NoTranslate = False,
    allow_private: AllowPrivate = False,
    workers: Annotated[int, typer.Option("--workers", min=1, max=256, help="Processes that work up documents.")] = 1,
    output: TableOutput = TableFormat.TABLE,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress and no table.")] = False,
) -> None:
    """Try everything in quarantine again; what works now is stored and leaves the quarantine."""
    from flows.store import Store

    if not Store.open(store_url(data_dir(data), store), create=False).quarantined():
        _out("nothing is in quarantine\n")
        return
    settings = _options(None, None, None, no_translate, allow_private)
    _run([], settings, data=data, store=store, workers=workers, batch_size=None, output=output, quiet=quiet, retry=True)


@quarantine_app.command("drop", epilog=_EXIT_CODES)
def quarantine_drop(
    sources: Annotated[list[str], typer.Argument(metavar="SOURCE...", help="Names as `quarantine list` shows them.")],
    data: Data = None,
    store: StoreOption = None,
) -> None:
    """Take entries out of quarantine without trying them again."""
    from flows.store import Store

    dropped = Store.open(store_url(data_dir(data), store)).drop_quarantined(sources)
    _out(f"{dropped} dropped\n")
    if dropped < len(set(sources)):
        raise UsageError("not-in-quarantine", "some of these sources are not in quarantine; see `procnews quarantine list`")


@models_app.command("list", epilog=_EXIT_CODES)
def models_list(output: TableOutput = TableFormat.TABLE) -> None:
    """List the installed translation packages."""
    from extractors.translation import installed_packages

    packages = installed_packages()
    rows = [(package.from_code, package.to_code, package.version) for package in packages]
    if output is TableFormat.JSON:
        _json([{"from": source, "to": target, "version": version} for source, target, version in rows])
    elif rows:
        from flows.render import console, plain_table

        console().print(plain_table(("from", "to", "version"), sorted(rows)))
    else:
        _out("no translation package is installed; see docs/operating.md, Translation packages\n")


# --- shared by the commands --------------------------------------------------------------------------------------


def _options(published: str | None, language: str | None, read_on: str | None, no_translate: bool, allow_private: bool) -> Options:
    from flows.processing import Options

    return Options(
        published=_date("--published", published),
        language=_language(language) if language else None,
        read_on=_date("--read-on", read_on),
        translate=not no_translate,
        allow_private=allow_private,
    )


def _sources(inputs: Sequence[str]) -> tuple[list[Source], list[str]]:
    from flows.sources import Source, discover

    files = [argument for argument in inputs if argument != "-"]
    sources, problems = discover(files) if files else ([], [])
    if len(files) < len(inputs):
        sources.append(Source("stdin"))
    return sources, [problem.message for problem in problems]


class _Results:
    """The results of some documents, one at a time, so that memory stays flat; complains about those that fail."""

    def __init__(self, sources: Sequence[Source], options: Options):
        self.failed = 0
        self._sources = sources
        self._options = options

    def __iter__(self) -> Iterator[ExtractionResult]:
        from flows.processing import extract_input, read

        for source in self._sources:
            try:
                yield extract_input(source, read(source, self._options), self._options)
            except BrokenPipeError:
                raise
            except Exception as error:
                if debug():
                    raise
                self.failed += 1
                message = one_line(error)
                _complain(message if source.name in message else f"{source.name}: {message}")


def _print_results(results: _Results, output: ExtractFormat, *, many: bool) -> None:
    if output is ExtractFormat.TEXT:
        from flows.render import console, print_result

        target = console()
        for result in results:
            print_result(target, result.model_dump(mode="json"))
        return
    from flows.records import canonical_json

    if output is ExtractFormat.JSONL:
        for result in results:
            _out(canonical_json(result.model_dump(mode="json")) + "\n")
    elif many:
        _out("[")
        for number, result in enumerate(results):
            _out((",\n" if number else "\n") + canonical_json(result.model_dump(mode="json")))
        _out("\n]\n")
    else:
        for result in results:
            _json(result.model_dump(mode="json"))


def _run(
    inputs: Sequence[str],
    options: Options,
    *,
    data: Path | None,
    store: str | None,
    workers: int,
    batch_size: int | None,
    output: TableFormat,
    quiet: bool,
    retry: bool = False,
) -> None:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    from flows.render import console
    from flows.run import run_ingest

    folder = data_dir(data)
    messages = console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=messages, transient=True, disable=quiet or not messages.is_terminal) as progress:
        bar = progress.add_task("starting", total=None)

        def observe(what: str, number: int) -> None:
            if what == "found":
                progress.update(bar, total=number, description="reading")
            elif what == "document":
                progress.advance(bar, number)
            else:
                progress.update(bar, description=what)

        report = run_ingest(
            inputs,
            data=folder,
            store=store,
            published=options.published,
            language=options.language,
            read_on=options.read_on,
            translate=options.translate,
            allow_private=options.allow_private,
            workers=workers,
            batch_size=batch_size,
            retry=retry,
            observe=observe,
            console=messages,
        )
    for problem in report.problems:
        _complain(problem)
    for source, code, message in report.failures:
        _complain(f"quarantined {source} ({code}): {message}")
    _print_report(report, folder, store, output, quiet)
    if report.verdict != "complete":
        raise typer.Exit(ExitCode.INCOMPLETE)


def _print_report(report: RunReport, folder: Path, store: str | None, output: TableFormat, quiet: bool) -> None:
    from flows import outputs

    url = store_url(folder, store)
    files = {"events": str(folder / outputs.EVENTS), "results": str(folder / outputs.RESULTS), "store": url.removeprefix("sqlite:///")}
    if output is TableFormat.JSON:
        _json({**report.as_json(), "files": files})
        return
    counts = report.counts
    if not quiet:
        from itertools import islice

        from flows.render import console, events_table
        from flows.store import Store

        shown = 60
        stored = Store.open(url, create=False)
        rows = list(islice(stored.events(), shown))
        if rows:
            console().print(events_table(rows))
        if report.events_stored > len(rows):
            _out(f"and {report.events_stored - len(rows)} more; `procnews events` lists and filters them\n")
    _out(
        f"{report.verdict}: {counts.seen} documents seen: {counts.new} new, {counts.changed} changed, {counts.unchanged} unchanged, "
        f"{counts.duplicates} duplicates, {counts.quarantined} quarantined; "
        f"{report.documents_stored} documents and {report.events_stored} events stored\n"
    )
    if not quiet:
        from sqlalchemy.engine import make_url

        files["store"] = make_url(url).render_as_string(hide_password=True).removeprefix("sqlite:///")
        _out(f"events    {files['events']}\nresults   {files['results']}\ndatabase  {files['store']}\n")


def _print_events(found: Iterator[dict[str, Any]], output: EventsFormat) -> None:
    if output is EventsFormat.JSONL:
        from flows.records import canonical_json

        for event in found:
            _out(canonical_json(event) + "\n")
    elif output is EventsFormat.CSV:
        from flows.csv_export import lines

        for line in lines(found):
            _out(line)
    elif output is EventsFormat.JSON:
        _json(list(found))
    else:
        from flows.render import console, events_table

        rows = list(found)
        if rows:
            console().print(events_table(rows))
        _out(f"{len(rows)} event{'' if len(rows) == 1 else 's'}\n")


def _print_evaluation(evaluation: Any, changes: Sequence[tuple[str, str, float | None, float | None]] | None, details: bool) -> None:
    from flows.render import console, plain_table, scores_tables

    target = console()
    if details and evaluation.remarks:
        target.print(plain_table(("sample", "what is wrong"), evaluation.remarks))
    for table in scores_tables(evaluation):
        target.print(table)
    if evaluation.unchecked:
        _out(f"{evaluation.unchecked} of {evaluation.total.documents} samples are not marked as checked\n")
    if changes is not None:
        if changes:
            rows = [(group, name, _shown(was), _shown(now)) for group, name, was, now in changes]
            target.print(plain_table(("language", "field", "F1 before", "F1 now"), rows, title="changes against the baseline"))
        else:
            _out("no change against the baseline\n")


def _shown(value: float | None) -> str:
    return "-" if value is None else f"{value:.4f}"


def _progress(description: str, total: int) -> Any:
    """A context manager that gives a function to call for every step."""
    from contextlib import contextmanager

    from rich.progress import Progress

    from flows.render import console

    @contextmanager
    def bar() -> Iterator[Any]:
        messages = console(stderr=True)
        with Progress(console=messages, transient=True, disable=not messages.is_terminal) as progress:
            task = progress.add_task(description, total=total)
            yield lambda: progress.advance(task)

    return bar()


def _read_baseline(path: Path | None) -> dict[str, Any] | None:
    import json

    if path is None:
        return None
    try:
        baseline = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UsageError(
            "bad-baseline", f"{path}: cannot be read as JSON ({one_line(error)}); make it with evaluate --format json"
        ) from None
    if not isinstance(baseline, dict) or "total" not in baseline:
        raise UsageError("bad-baseline", f"{path}: is no evaluation; make it with `procnews evaluate --format json`")
    return baseline


def _date(option: str, value: str | None) -> str | None:
    from datetime import date

    if value is None:
        return None
    try:
        if len(value) != 10:
            raise ValueError
        return date.fromisoformat(value).isoformat()
    except ValueError:
        raise UsageError("bad-date", f"{option} {value!r} is not a date; write YYYY-MM-DD") from None


def _partial_date(option: str, value: str | None) -> str | None:
    if value is None:
        return None
    full = {4: f"{value}-01-01", 7: f"{value}-01"}.get(len(value), value)
    try:
        _date(option, full)
    except UsageError:
        raise UsageError("bad-date", f"{option} {value!r} is not a date; write YYYY, YYYY-MM or YYYY-MM-DD") from None
    return value


def _language(code: str) -> str:
    from extractors.languages import UNDETERMINED, normalise

    known = normalise(code)
    if known == UNDETERMINED:
        raise UsageError("unknown-language", f"{code!r} is no language procnews knows; `procnews languages` lists them")
    return known


def _country(code: str) -> str:
    if len(code) != 2 or not code.isascii() or not code.isalpha():
        raise UsageError("bad-country", f"--country {code!r} is no ISO 3166-1 alpha-2 code; write two letters such as BE")
    return code.upper()


def _choices(option: str, values: Sequence[str] | None, known: Sequence[str]) -> list[str]:
    wanted = [value.lower().replace("-", "_").replace(" ", "_") for value in values or ()]
    for value, raw in zip(wanted, values or (), strict=True):
        if value not in known:
            raise UsageError("bad-choice", f"{option} {raw!r} is unknown; there are {', '.join(known)}")
    return wanted


def _out(text: str) -> None:
    try:
        sys.stdout.write(text)
    except BrokenPipeError:
        quiet_pipe()
        raise typer.Exit(ExitCode.OK) from None


def _json(value: Any) -> None:
    import json

    _out(json.dumps(value, indent=2, ensure_ascii=False) + "\n")


def _complain(message: str) -> None:
    sys.stdout.flush()
    sys.stderr.write(f"procnews: {message}\n")


def main() -> NoReturn:
    """Runs the command line; every error is one line on standard error and an exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure") and (stream.encoding or "").lower() != "utf-8":
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        code = int(app(standalone_mode=False) or 0)
        sys.stdout.flush()
    except BrokenPipeError:
        quiet_pipe()
        sys.exit(ExitCode.OK)
    except KeyboardInterrupt:
        code = ExitCode.INTERRUPTED
    except Exception as error:
        if debug():
            raise
        code = _report_error(error)
    # The library of the command line may have turned the keys into this code already.
    if code == ExitCode.INTERRUPTED:
        _complain("interrupted; what was done is kept, run the same again to go on")
    sys.exit(code)


def _report_error(error: Exception) -> int:
    from extractors.errors import ProcnewsError

    if isinstance(error, ProcnewsError):
        _complain(one_line(error, 600))
        return error.exit_code if isinstance(error, FlowError) else ExitCode.USAGE
    # Errors of the command line's own parser; where its library keeps their class differs from version to version.
    if hasattr(error, "format_message") and hasattr(error, "exit_code"):
        message = " ".join(str(error.format_message()).split())
        context = getattr(error, "ctx", None)
        command = context.command_path if context is not None else "procnews"
        if message:
            _complain(f"{message.rstrip('.')}; see `{command} --help`")
        return ExitCode.USAGE
    if type(error).__name__ == "Abort":
        return ExitCode.INTERRUPTED
    _complain(f"unexpected error: {one_line(error)}; set PROCNEWS_DEBUG=1 to see where, and report it")
    return ExitCode.NOTHING_DONE


if __name__ == "__main__":
    main()
