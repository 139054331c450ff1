"""Scores extraction against golden samples: precision, recall and F1 per field and per language. It changes no sample.

A field that is right counts once; one that is wrong counts as found too much and as missed. The fields of an event that was
not found at all are missed, those of an event that is not there are found too much: the figures are what a reader gets.
docs/cli.md describes the format of the samples; the annotation rules say what belongs into them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from flows.errors import UsageError, one_line
from flows.processing import Options, extract_input, read
from flows.records import fold
from flows.sources import SUFFIXES, Source

if TYPE_CHECKING:
    from schemas import ExtractionResult

GOLD_SUFFIX: Final = ".gold.json"
TITLE_F1: Final = 0.6
"""Token F1 from which two titles, or two venues, count as the same."""

EVENT_FIELDS: Final = (
    "start", "end", "start_time", "end_time", "kind", "status", "mode", "title", "venue", "city", "country",
    "organisers", "hosts", "event_deadlines", "event_contacts",
)  # fmt: skip
DOCUMENT_FIELDS: Final = (
    "deadlines", "organisations", "locations", "contacts", "contact_name", "contact_job_title", "contact_organisation",
    "contact_email", "contact_phone", "programmes",
)  # fmt: skip
FIELDS: Final = ("language", "event", *EVENT_FIELDS, *DOCUMENT_FIELDS)

_SCALARS: Final = ("start", "end", "start_time", "end_time", "kind", "status", "mode")
_PUNCTUATION = re.compile(r"[\W_]+")


@dataclass(slots=True)
class Score:
    """Counts of one field: right, found too much, missed."""

    right: int = 0
    extra: int = 0
    missed: int = 0

    @property
    def precision(self) -> float | None:
        """Share of what was found that is right; None when nothing was found."""
        found = self.right + self.extra
        return self.right / found if found else None

    @property
    def recall(self) -> float | None:
        """Share of what is there that was found; None when nothing is there."""
        there = self.right + self.missed
        return self.right / there if there else None

    @property
    def f1(self) -> float | None:
        """Harmonic mean of both; None when there was nothing to find and nothing was found."""
        total = 2 * self.right + self.extra + self.missed
        return 2 * self.right / total if total else None

    def add(self, other: Score) -> None:
        """Adds the counts of another score."""
        self.right += other.right
        self.extra += other.extra
        self.missed += other.missed

    def as_json(self) -> dict[str, Any]:
        """The score as a JSON object, ratios to four places."""
        ratios = {"precision": self.precision, "recall": self.recall, "f1": self.f1}
        return {
            "right": self.right,
            "extra": self.extra,
            "missed": self.missed,
            **{name: None if value is None else round(value, 4) for name, value in ratios.items()},
        }


@dataclass(slots=True)
class Scores:
    """The scores of some documents, by field."""

    documents: int = 0
    without_events: int = 0
    false_event_documents: int = 0
    fields: dict[str, Score] = field(default_factory=lambda: {name: Score() for name in FIELDS})

    def add(self, other: Scores) -> None:
        """Adds the counts of other documents."""
        self.documents += other.documents
        self.without_events += other.without_events
        self.false_event_documents += other.false_event_documents
        for name, score in other.fields.items():
            self.fields[name].add(score)

    def as_json(self) -> dict[str, Any]:
        """The scores as a JSON object."""
        return {
            "documents": self.documents,
            "documents_without_events": self.without_events,
            "false_event_documents": self.false_event_documents,
            "fields": {name: score.as_json() for name, score in self.fields.items()},
        }


@dataclass(slots=True)
class Evaluation:
    """All scores, in total and by language, with what went wrong in words: (sample, remark)."""

    total: Scores = field(default_factory=Scores)
    languages: dict[str, Scores] = field(default_factory=dict)
    remarks: list[tuple[str, str]] = field(default_factory=list)
    failures: list[tuple[str, str]] = field(default_factory=list)
    unchecked: int = 0

    def as_json(self) -> dict[str, Any]:
        """The evaluation as a JSON object; a later one can be compared with it."""
        return {
            "total": self.total.as_json(),
            "languages": {code: scores.as_json() for code, scores in sorted(self.languages.items())},
            "unchecked_samples": self.unchecked,
            "failures": [{"sample": sample, "message": message} for sample, message in self.failures],
        }


@dataclass(frozen=True, slots=True)
class Sample:
    """A document with its golden annotation."""

    name: str
    document: Source
    gold: Mapping[str, Any]


def samples(folder: Path, languages: Sequence[str] = ()) -> list[Sample]:
    """The samples below a folder, by name; only those of `languages`, if given. Raises UsageError for a broken one."""
    if not folder.is_dir():
        raise UsageError("no-samples", f"{folder}: no such folder; name the folder with the golden samples")
    found = []
    for path in sorted(folder.rglob(f"*{GOLD_SUFFIX}")):
        stem = path.name.removesuffix(GOLD_SUFFIX)
        name = path.relative_to(folder).with_name(stem).as_posix()
        gold = _read_gold(path)
        if languages and gold.get("language") not in languages:
            continue
        documents = [path.with_name(stem + suffix) for suffix in sorted(SUFFIXES) if path.with_name(stem + suffix).is_file()]
        if len(documents) != 1:
            raise UsageError("bad-sample", f"{path}: needs exactly one document {stem}.txt or {stem}.html beside it, has {len(documents)}")
        found.append(Sample(name, Source(f"{name}{documents[0].suffix}", path=documents[0]), gold))
    if not found:
        raise UsageError("no-samples", f"{folder}: no *{GOLD_SUFFIX} here; name the folder with the golden samples")
    return found


def _read_gold(path: Path) -> dict[str, Any]:
    try:
        gold = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise UsageError("bad-gold", f"{path}: cannot be read as JSON ({one_line(error)}); mend it") from None
    lists = ("events", "deadlines", "organisations", "locations", "contacts")
    if not isinstance(gold, dict) or any(not _is_list_of_objects(gold.get(name, [])) for name in lists):
        raise UsageError("bad-gold", f"{path}: must be an object whose {', '.join(lists)} are lists of objects; see docs/cli.md")
    return gold


def _is_list_of_objects(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, dict) for item in value)


def evaluate(wanted: Iterable[Sample], *, translate: bool = True, observe: Callable[[str], None] | None = None) -> Evaluation:
    """Extracts and scores every sample. A sample that cannot be extracted is a failure, and all of it is missed."""
    evaluation = Evaluation()
    for sample in wanted:
        if observe is not None:
            observe(sample.name)
        # Without a publication date the status stands against the day of annotation.
        options = Options(published=sample.gold.get("published"), read_on=sample.gold.get("read_on"), translate=translate)
        result: ExtractionResult | None = None
        try:
            result = extract_input(sample.document, read(sample.document, options), options)
        except Exception as error:
            evaluation.failures.append((sample.name, one_line(error)))
        scores, remarks = score(sample.gold, result.model_dump(mode="json") if result else None)
        evaluation.total.add(scores)
        evaluation.languages.setdefault(str(sample.gold.get("language")), Scores()).add(scores)
        evaluation.remarks.extend((sample.name, remark) for remark in remarks)
        evaluation.unchecked += 0 if sample.gold.get("checked") else 1
    return evaluation


def score(gold: Mapping[str, Any], result: Mapping[str, Any] | None) -> tuple[Scores, list[str]]:
    """The scores of one document, and a remark for everything that is wrong. `result` is an ExtractionResult as JSON."""
    if result is None:
        result = {"document": {"language": {"code": None}}, "mentions": {}, "events": [], "deadlines": []}
    scorer = _Scorer(gold, result)
    return scorer.run(), scorer.remarks


def form_key(name: str) -> str:
    """A name as it is compared: no accents, no punctuation, small letters."""
    return " ".join(_PUNCTUATION.sub(" ", fold(name)).split())


def token_f1(left: str, right: str) -> float:
    """F1 of the words of two texts, compared as `form_key` writes them."""
    first, second = form_key(left).split(), form_key(right).split()
    if not first or not second:
        return 0.0
    rest = list(second)
    common = 0
    for token in first:
        if token in rest:
            rest.remove(token)
            common += 1
    return 2 * common / (len(first) + len(second))


def same_body(left: Iterable[str], right: Iterable[str]) -> bool:
    """True when two bodies, each given by all its forms, are one: a form in common, or one's longest form within the other's.

    A single word within a longer name decides nothing (``University``); it has to be a form of its own.
    """
    first, second = _keys(left), _keys(right)
    if not first or not second:
        return False
    if set(first) & set(second):
        return True
    short, long = sorted((max(first, key=len), max(second, key=len)), key=len)
    return " " in short and f" {short} " in f" {long} "


def _keys(forms: Iterable[str]) -> list[str]:
    return [key for form in forms if (key := form_key(form))]


class _Scorer:
    """Scores one document."""

    def __init__(self, gold: Mapping[str, Any], result: Mapping[str, Any]):
        self.gold = gold
        self.result = result
        self.scores = Scores(documents=1)
        self.remarks: list[str] = []
        # All forms of every annotated body: an organiser may be given by any of them.
        self.bodies = [_gold_forms(organisation) for organisation in gold.get("organisations", [])]

    def run(self) -> Scores:
        mentions = self.result.get("mentions", {})
        self._scalar("language", self.gold.get("language"), self.result["document"]["language"]["code"])
        self._events()
        self._set("deadlines", _dates(self.gold.get("deadlines", [])), _dates(self.result.get("deadlines", [])))
        self._bodies("organisations", self.bodies, [_found_forms(body) for body in mentions.get("organisations", [])])
        self._locations(mentions.get("places", []))
        self._contacts(mentions.get("contacts", []))
        programmes = [code["value"] for code in mentions.get("codes", []) if code["kind"] == "programme"]
        self._set("programmes", _named(self.gold.get("programmes", [])), _named(programmes))
        return self.scores

    # --- counting ------------------------------------------------------------------------------------------------

    def _right(self, name: str) -> None:
        self.scores.fields[name].right += 1

    def _extra(self, name: str, shown: object, where: str = "") -> None:
        self.scores.fields[name].extra += 1
        self.remarks.append(f"{name}: found {shown}{where}, which is not there")

    def _missed(self, name: str, shown: object, where: str = "") -> None:
        self.scores.fields[name].missed += 1
        self.remarks.append(f"{name}: missed {shown}{where}")

    def _scalar(
        self, name: str, wanted: str | None, found: str | None, where: str = "", same: Callable[[str, str], bool] = str.__eq__
    ) -> None:
        wanted, found = wanted or None, found or None
        if wanted is not None and found is not None:
            if same(wanted, found):
                self._right(name)
            else:
                self.scores.fields[name].missed += 1
                self.scores.fields[name].extra += 1
                self.remarks.append(f"{name}: {found} instead of {wanted}{where}")
        elif wanted is not None:
            self._missed(name, wanted, where)
        elif found is not None:
            self._extra(name, found, where)

    def _set(self, name: str, wanted: Mapping[Any, str], found: Mapping[Any, str], where: str = "") -> None:
        for key, shown in wanted.items():
            if key in found:
                self._right(name)
            else:
                self._missed(name, shown, where)
        for key, shown in found.items():
            if key not in wanted:
                self._extra(name, shown, where)

    def _bodies(self, name: str, wanted: Sequence[Sequence[str]], found: Sequence[Sequence[str]], where: str = "") -> None:
        pairs = _pair(wanted, found, lambda left, right: 2 if set(_keys(left)) & set(_keys(right)) else int(same_body(left, right)))
        for index, forms in enumerate(wanted):
            if index in pairs:
                self._right(name)
            else:
                self._missed(name, forms[0], where)
        for index, forms in enumerate(found):
            if index not in pairs.values():
                self._extra(name, forms[0], where)

    # --- events --------------------------------------------------------------------------------------------------

    def _events(self) -> None:
        wanted, found = self.gold.get("events", []), self.result.get("events", [])
        if not wanted:
            self.scores.without_events = 1
            self.scores.false_event_documents = 1 if found else 0

        def likeness(left: Mapping[str, Any], right: Mapping[str, Any]) -> float:
            titles = max(token_f1(left.get("title") or "", title or "") for title in (right["title"], right.get("title_en")))
            if left.get("start") == right["when"]["start"]:
                return 1 + titles
            return titles if titles >= TITLE_F1 else 0

        pairs = _pair(wanted, found, likeness)
        for index, event in enumerate(wanted):
            where = f" ({event.get('start')} {event.get('title')})"
            partner = found[pairs[index]] if index in pairs else None
            if partner is not None and event.get("start") == partner["when"]["start"]:
                self._right("event")
            else:
                self._missed("event", f"{event.get('start')} {event.get('title')}")
                if partner is not None:
                    self._extra("event", f"{partner['when']['start']} {partner['title']}")
            self._event_fields(event, partner, where)
        for index, event in enumerate(found):
            if index not in pairs.values():
                self._extra("event", f"{event['when']['start']} {event['title']}")
                self._event_fields(None, event, f" ({event['when']['start']} {event['title']})")

    def _event_fields(self, gold: Mapping[str, Any] | None, event: Mapping[str, Any] | None, where: str) -> None:
        wanted = _gold_event(gold)
        found = _found_event(event)
        for name in _SCALARS:
            self._scalar(name, wanted[name], found[name], where)
        self._scalar("title", wanted["title"], found["title"], where, _same_words)
        self._scalar("venue", wanted["venue"], found["venue"], where, _same_words)
        self._scalar("city", wanted["city"], found["city"], where, lambda left, right: form_key(left) == form_key(right))
        self._scalar("country", wanted["country"], found["country"], where)
        for name in ("organisers", "hosts"):
            self._bodies(name, [self._all_forms(body) for body in wanted[name]], [[body] for body in found[name]], where)
        self._set("event_deadlines", _dates(wanted["deadlines"]), _dates(found["deadlines"]), where)
        pairs = _pair(wanted["contacts"], found["contacts"], lambda left, right: int(_is_contact(left, right)))
        for index, text in enumerate(wanted["contacts"]):
            if index in pairs:
                self._right("event_contacts")
            else:
                self._missed("event_contacts", text, where)
        for index, contact in enumerate(found["contacts"]):
            if index not in pairs.values():
                self._extra("event_contacts", _contact_text(contact), where)

    def _all_forms(self, body: str) -> list[str]:
        """All annotated forms of the body that `body` is one form of."""
        key = form_key(body)
        return next(([body, *forms] for forms in self.bodies if key in _keys(forms)), [body])

    # --- the rest of the document --------------------------------------------------------------------------------

    def _locations(self, places: Sequence[Mapping[str, Any]]) -> None:
        wanted = {(form_key(place["name"]), place.get("country")): place["name"] for place in self.gold.get("locations", [])}
        found = {(form_key(place["name"]), place["place"].get("country")): place["name"] for place in places if place["kind"] != "venue"}
        # A location annotated without a country is right with any.
        loose = {name for name, country in wanted if country is None}
        found = {(name, None if name in loose else country): shown for (name, country), shown in found.items()}
        self._set("locations", wanted, found)

    def _contacts(self, found: Sequence[Mapping[str, Any]]) -> None:
        wanted: Sequence[Mapping[str, Any]] = self.gold.get("contacts", [])
        pairs = _pair(wanted, found, _contact_likeness)
        for index, contact in enumerate(wanted):
            if index in pairs:
                self._right("contacts")
            else:
                self._missed("contacts", contact.get("name") or contact.get("email") or contact.get("phone"))
            self._contact_fields(contact, found[pairs[index]] if index in pairs else {})
        for index, contact in enumerate(found):
            if index not in pairs.values():
                self._extra("contacts", _contact_text(contact))
                self._contact_fields({}, contact)

    def _contact_fields(self, wanted: Mapping[str, Any], found: Mapping[str, Any]) -> None:
        who = wanted.get("name") or wanted.get("email") or _contact_text(found)
        where = f" ({who})"
        for name in ("name", "job_title"):
            self._scalar(f"contact_{name}", wanted.get(name), found.get(name), where, lambda left, right: form_key(left) == form_key(right))
        self._scalar(
            "contact_organisation",
            wanted.get("organisation"),
            found.get("organisation"),
            where,
            lambda left, right: same_body(self._all_forms(left), [right]),
        )
        self._scalar("contact_email", _lower(wanted.get("email")), _lower(found.get("email")), where)
        numbers = _numbers(found)
        phone = wanted.get("phone")
        self._scalar("contact_phone", phone, phone if phone in numbers else next(iter(numbers), None), where)


def _pair(wanted: Sequence[Any], found: Sequence[Any], likeness: Callable[[Any, Any], float]) -> dict[int, int]:
    """Pairs both lists one to one, the likest first; ties by order. A likeness of 0 is no pair."""
    candidates = [
        (-value, left, right)
        for left, wanted_item in enumerate(wanted)
        for right, found_item in enumerate(found)
        if (value := likeness(wanted_item, found_item)) > 0
    ]
    pairs: dict[int, int] = {}
    for _, left, right in sorted(candidates):
        if left not in pairs and right not in pairs.values():
            pairs[left] = right
    return pairs


def _gold_event(gold: Mapping[str, Any] | None) -> dict[str, Any]:
    event: dict[str, Any] = dict.fromkeys((*_SCALARS, "title", "venue", "city", "country"))
    event.update({name: [] for name in ("organisers", "hosts", "deadlines", "contacts")})
    event.update({name: value for name, value in (gold or {}).items() if name in event and value is not None})
    # "unknown" is the absence of a mode; finding nothing is no achievement.
    event["mode"] = None if event["mode"] == "unknown" else event["mode"]
    return event


def _found_event(event: Mapping[str, Any] | None) -> dict[str, Any]:
    found = _gold_event(None)
    if event is None:
        return found
    for name in ("start", "end", "start_time", "end_time"):
        found[name] = event["when"].get(name)
    for name in ("kind", "status", "title", "deadlines", "contacts"):
        found[name] = event[name]
    found["mode"] = None if event["mode"] == "unknown" else event["mode"]
    for name in ("venue", "city", "country"):
        found[name] = next((place[name] for place in event["places"] if place.get(name)), None)
    found["organisers"] = _once(body["name"] for body in event["organisations"] if body["role"] in {"organiser", "co_organiser"})
    found["hosts"] = _once(body["name"] for body in event["organisations"] if body["role"] == "host")
    return found


def _once(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(names))


def _same_words(left: str, right: str) -> bool:
    first, second = form_key(left), form_key(right)
    return token_f1(left, right) >= TITLE_F1 or f" {first} " in f" {second} " or (" " in second and f" {second} " in f" {first} ")


def _dates(deadlines: Iterable[Mapping[str, Any]]) -> dict[tuple[str, str], str]:
    pairs = ((deadline["kind"], deadline.get("date") or deadline.get("when", {}).get("start")) for deadline in deadlines)
    return {(kind, date): f"{kind} {date}" for kind, date in pairs}


def _named(names: Iterable[str]) -> dict[str, str]:
    return {form_key(name): name for name in names}


def _gold_forms(organisation: Mapping[str, Any]) -> list[str]:
    return [organisation["name"], *organisation.get("aliases", [])]


def _found_forms(organisation: Mapping[str, Any]) -> list[str]:
    acronym = organisation.get("acronym")
    return [organisation["name"], *organisation.get("aliases", []), *([acronym] if acronym else [])]


def _lower(text: str | None) -> str | None:
    return text.lower() if text else None


def _numbers(contact: Mapping[str, Any]) -> list[str]:
    return [phone["e164"] or phone["raw"] for phone in contact.get("phones", [])]


def _contact_text(contact: Mapping[str, Any]) -> str:
    return contact.get("name") or contact.get("email") or next(iter(_numbers(contact)), None) or "a contact without name"


def _is_contact(text: str, contact: Mapping[str, Any]) -> bool:
    if "@" in text:
        return _lower(text) == _lower(contact.get("email"))
    return form_key(text) == form_key(contact.get("name") or "") or text in _numbers(contact)


def _contact_likeness(gold: Mapping[str, Any], contact: Mapping[str, Any]) -> float:
    email = bool(gold.get("email")) and _lower(gold.get("email")) == _lower(contact.get("email"))
    name = bool(gold.get("name")) and form_key(gold["name"]) == form_key(contact.get("name") or "")
    phone = bool(gold.get("phone")) and gold["phone"] in _numbers(contact)
    return 4 * email + 2 * name + phone


def compare(evaluation: Mapping[str, Any], baseline: Mapping[str, Any]) -> Iterator[tuple[str, str, float | None, float | None]]:
    """The F1 values that differ from a baseline (both as JSON): language or ``total``, field, before, now."""
    groups = [("total", evaluation["total"], baseline.get("total", {}))]
    before = baseline.get("languages", {})
    groups += [(code, scores, before.get(code, {})) for code, scores in evaluation["languages"].items()]
    for group, scores, old in groups:
        for name, values in scores["fields"].items():
            was = old.get("fields", {}).get(name, {}).get("f1")
            if was != values["f1"]:
                yield group, name, was, values["f1"]
