"""The event record: one gathering, with the words that say so, and the result of reading a document."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from schemas.base import SCHEMA_VERSION, Model
from schemas.document import Document
from schemas.mentions import Code, Contact, Evidence, Mentions, Place, When


class EventKind(StrEnum):
    """What a gathering is, by what its page calls it."""

    CONFERENCE = "conference"
    WORKSHOP = "workshop"
    TRAINING = "training"
    WEBINAR = "webinar"
    INFO_DAY = "info_day"
    MARKET_CONSULTATION = "market_consultation"
    MATCHMAKING = "matchmaking"
    MEETING = "meeting"
    AWARD = "award"
    OTHER = "other"


class EventStatus(StrEnum):
    """Where an event stands against the publication (else the reading) date."""

    SCHEDULED = "scheduled"
    PAST = "past"
    CANCELLED = "cancelled"
    POSTPONED = "postponed"


class EventMode(StrEnum):
    """How one attends."""

    IN_PERSON = "in_person"
    ONLINE = "online"
    HYBRID = "hybrid"
    UNKNOWN = "unknown"


class OrganisationRole(StrEnum):
    """What an organisation does in an event."""

    ORGANISER = "organiser"
    CO_ORGANISER = "co_organiser"
    HOST = "host"
    PARTICIPANT = "participant"
    SPEAKER = "speaker"
    PARTNER = "partner"
    FUNDER = "funder"
    BUYER = "buyer"
    CONTACT = "contact"


class EventOrganisation(Model):
    """An organisation in its role."""

    name: str
    role: OrganisationRole
    evidence: list[Evidence] = Field(default_factory=list)


class DeadlineKind(StrEnum):
    """What is due."""

    REGISTRATION = "registration"
    SUBMISSION = "submission"
    QUESTION = "question"
    OTHER = "other"


class Deadline(Model):
    """A date by which something is due; it is not an event. The date is the one written."""

    kind: DeadlineKind
    when: When
    evidence: list[Evidence] = Field(default_factory=list)


class EventLink(Model):
    """A link that belongs to an event."""

    kind: str = Field(description="registration, programme, stream, documents, or page.")
    url: str


class EventRecord(Model):
    """One event as one document tells it. Every value stands in the document; `evidence` says where."""

    schema_version: str = SCHEMA_VERSION
    id: str = Field(description="Stable: made from the document's id and the event's title, never from its date.")
    document_id: str
    source: str
    language: str = Field(description="BCP 47 language of the document.")
    title: str
    title_en: str | None = None
    kind: EventKind = EventKind.OTHER
    status: EventStatus = EventStatus.SCHEDULED
    when: When
    replaced: list[When] = Field(default_factory=list, description="Dates that no longer hold (moved or postponed).")
    mode: EventMode = EventMode.UNKNOWN
    places: list[Place] = Field(default_factory=list)
    organisations: list[EventOrganisation] = Field(default_factory=list)
    contacts: list[Contact] = Field(default_factory=list)
    deadlines: list[Deadline] = Field(default_factory=list)
    links: list[EventLink] = Field(default_factory=list)
    programmes: list[str] = Field(default_factory=list)
    codes: list[Code] = Field(default_factory=list)
    summary_en: str | None = None
    confidence: float = Field(ge=0, le=1)
    warnings: list[str] = Field(default_factory=list)
    evidence: dict[str, list[Evidence]] = Field(
        default_factory=dict, description="Field name (title, kind, status, when, mode, places, ...) to its evidence."
    )
    link_id: str | None = Field(None, description="The linked event this record belongs to; equal for the same event elsewhere.")
    same_as: list[str] = Field(default_factory=list, description="Ids of the records of the same event in other documents.")


class RunInfo(Model):
    """What changes from run to run and never counts as content."""

    run_id: str | None = None
    fetched_at: str | None = Field(None, description="ISO 8601, UTC.")


class ExtractionResult(Model):
    """All that was read out of one document."""

    schema_version: str = SCHEMA_VERSION
    document: Document
    mentions: Mentions = Field(default_factory=Mentions)
    events: list[EventRecord] = Field(default_factory=list)
    deadlines: list[Deadline] = Field(default_factory=list, description="Every deadline of the document, those without an event too.")
    warnings: list[str] = Field(default_factory=list)
    run: RunInfo = Field(default_factory=RunInfo)
