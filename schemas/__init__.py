"""The contract of procnews: what a document, a mention and an event record are. Imports nothing of ours."""

from schemas.base import SCHEMA_VERSION, Model, Span
from schemas.document import (
    AlignedSentence,
    Block,
    BlockKind,
    Document,
    LanguageDecision,
    Link,
    PublishedDate,
    Region,
    TimeElement,
    Translation,
    TranslationStatus,
)
from schemas.edtf import Edtf, PartialDate, is_edtf
from schemas.events import (
    Deadline,
    DeadlineKind,
    EventKind,
    EventLink,
    EventMode,
    EventOrganisation,
    EventRecord,
    EventStatus,
    ExtractionResult,
    OrganisationRole,
    RunInfo,
)
from schemas.mentions import (
    Basis,
    Code,
    Contact,
    DateMention,
    DateRole,
    Evidence,
    EvidenceSource,
    Mentions,
    Organisation,
    Person,
    Phone,
    Place,
    PlaceMention,
    Precision,
    When,
)

__all__ = [
    "SCHEMA_VERSION", "AlignedSentence", "Basis", "Block", "BlockKind", "Code", "Contact", "DateMention", "DateRole",
    "Deadline", "DeadlineKind", "Document", "Edtf", "EventKind", "EventLink", "EventMode", "EventOrganisation",
    "EventRecord", "EventStatus", "Evidence", "EvidenceSource", "ExtractionResult", "LanguageDecision", "Link",
    "Mentions", "Model", "Organisation", "OrganisationRole", "PartialDate", "Person", "Phone", "Place", "PlaceMention",
    "Precision", "PublishedDate", "Region", "RunInfo", "Span", "TimeElement", "Translation", "TranslationStatus", "When", "is_edtf",
]  # fmt: skip
