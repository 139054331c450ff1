"""What was found in a document: dates, places, organisations, people, contacts, codes, each with evidence."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from schemas.base import Model
from schemas.edtf import Edtf, PartialDate


class EvidenceSource(StrEnum):
    """Where the words of a piece of evidence stand."""

    TEXT = "text"
    TRANSLATION = "translation"
    MARKUP = "markup"


class Evidence(Model):
    """The words that say so. For `text`, ``document.text[start:end] == quote`` always holds."""

    quote: str
    start: int | None = None
    end: int | None = None
    source: EvidenceSource = EvidenceSource.TEXT
    rule: str = Field("", description="The rule or reader that found it.")


class Precision(StrEnum):
    """How exact a date is."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half_year"
    SEASON = "season"
    YEAR = "year"


class Basis(StrEnum):
    """What decided the year of a date."""

    STATED = "stated"
    NEAR_TEXT = "near_text"
    WEEKDAY = "weekday"
    PUBLISHED = "published"
    OPEN = "open"


class When(Model):
    """A date or an inclusive interval, with times only where the text gives them."""

    edtf: Edtf
    start: PartialDate
    end: PartialDate | None = Field(None, description="Inclusive. One day: equal to start. None: the text gives no end.")
    start_time: str | None = Field(None, pattern=r"^\d{2}:\d{2}$", description="HH:MM, local time of the first day.")
    end_time: str | None = Field(None, pattern=r"^\d{2}:\d{2}$", description="HH:MM, local time of the last day.")
    timezone: str | None = Field(None, description="IANA name or UTC offset; only when stated or fixed by the place.")
    timezone_source: str | None = Field(None, description="stated, or place.")
    precision: Precision = Precision.DAY
    basis: Basis = Basis.STATED
    alternatives: list[str] = Field(default_factory=list, description="Other readings, EDTF, best first.")


class DateRole(StrEnum):
    """What a date is the date of."""

    EVENT = "event"
    DEADLINE_REGISTRATION = "deadline_registration"
    DEADLINE_SUBMISSION = "deadline_submission"
    DEADLINE_QUESTION = "deadline_question"
    DEADLINE_OTHER = "deadline_other"
    PUBLISHED = "published"
    UPDATED = "updated"
    REPLACED = "replaced"
    BACKGROUND = "background"


class DateMention(Model):
    """A date expression of the text, read, with its role and the reason for it."""

    when: When
    role: DateRole = DateRole.BACKGROUND
    role_reason: str = ""
    warnings: list[str] = Field(default_factory=list)
    evidence: Evidence


class Place(Model):
    """A place: venue as written, city and region by their English names, ISO 3166-1 alpha-2 country."""

    venue: str | None = None
    address: str | None = None
    city: str | None = None
    region: str | None = None
    country: str | None = Field(None, pattern=r"^[A-Z]{2}$")
    latitude: float | None = None
    longitude: float | None = None
    geonames_id: int | None = None
    nuts: str | None = None
    ambiguous_with: list[str] = Field(default_factory=list, description="Other candidates, 'City, CC', best first.")
    evidence: list[Evidence] = Field(default_factory=list)


class PlaceMention(Model):
    """A place named in the text, resolved."""

    kind: str = Field(description="city, region, country, or venue.")
    name: str = Field(description="English name; for a venue the name as written.")
    place: Place
    evidence: Evidence


class Organisation(Model):
    """A body named in the document: longest form, with its other forms as aliases."""

    name: str
    acronym: str | None = None
    aliases: list[str] = Field(default_factory=list)
    type: str | None = Field(None, description="authority, company, association, university, eu_body, international, other.")
    country: str | None = Field(None, pattern=r"^[A-Z]{2}$")
    evidence: list[Evidence] = Field(default_factory=list)


class Person(Model):
    """A person named in the document."""

    name: str
    evidence: list[Evidence] = Field(default_factory=list)


class Phone(Model):
    """A telephone number: E.164 where a region could be decided, else only as written."""

    raw: str
    e164: str | None = Field(None, pattern=r"^\+\d{6,15}$")
    kind: str = Field("unknown", description="mobile, fixed, fax, or unknown.")
    region_source: str | None = Field(None, description="stated, page_country, language, or none.")
    extension: str | None = None
    evidence: Evidence


class Contact(Model):
    """A person or desk offered for contact."""

    kind: str = Field("person", description="person, or desk.")
    name: str | None = None
    job_title: str | None = None
    job_title_en: str | None = None
    organisation: str | None = None
    email: str | None = None
    phones: list[Phone] = Field(default_factory=list)
    urls: list[str] = Field(default_factory=list)
    address: str | None = None
    evidence: list[Evidence] = Field(default_factory=list)

    @property
    def phone(self) -> str | None:
        """The first number to call in E.164 (never a fax), or None."""
        return next((phone.e164 for phone in self.phones if phone.e164 and phone.kind != "fax"), None)


class Code(Model):
    """A code, programme or amount named in the text."""

    kind: str = Field(description="programme, project, cpv, nuts, notice, reference, grant, or amount.")
    value: str
    currency: str | None = Field(None, description="ISO 4217, for amounts.")
    number: float | None = Field(None, description="The amount, in units of the currency.")
    evidence: Evidence


class Mentions(Model):
    """Everything found in a document, before it is put together."""

    dates: list[DateMention] = Field(default_factory=list)
    places: list[PlaceMention] = Field(default_factory=list)
    organisations: list[Organisation] = Field(default_factory=list)
    persons: list[Person] = Field(default_factory=list)
    contacts: list[Contact] = Field(default_factory=list)
    codes: list[Code] = Field(default_factory=list)
