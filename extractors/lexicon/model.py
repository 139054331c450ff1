"""The shape of a lexicon file: every key, checked when a file is loaded. Holds no language's words itself."""

from __future__ import annotations

import re
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, field_validator

Patterns = list[str]
"""Lower-case word patterns; ``*`` at a word's end or beginning stands for any letters, alone for any word."""

_TWELVE, _SEVEN = 12, 7


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Dates(_Section):
    """Words of dates beyond what CLDR has."""

    months: list[Patterns] = Field(default=[[]] * _TWELVE, min_length=_TWELVE, max_length=_TWELVE)
    weekdays: list[Patterns] = Field(default=[[]] * _SEVEN, min_length=_SEVEN, max_length=_SEVEN)
    ordinal_suffixes: Patterns = []
    day_names: dict[str, int] = {}
    before_day: Patterns = []
    after_day: Patterns = []
    link: Patterns = []
    before_year: Patterns = []
    after_year: Patterns = []
    from_: Patterns = Field(default=[], alias="from")
    to: Patterns = []
    between: Patterns = []
    and_: Patterns = Field(default=[], alias="and")
    or_: Patterns = Field(default=[], alias="or")
    early: Patterns = []
    mid: Patterns = []
    late: Patterns = []
    week: Patterns = []
    quarter: Patterns = []
    half_year: Patterns = []
    order: dict[str, int] = {}
    seasons: dict[str, Patterns] = {}
    every: Patterns = []


class Times(_Section):
    """Words of clock times."""

    at: Patterns = []
    hour: Patterns = []
    am: Patterns = []
    pm: Patterns = []
    noon: Patterns = []
    zones: dict[str, str] = {}


class Relative(_Section):
    """Words of dates told from the day of writing."""

    today: Patterns = []
    tomorrow: Patterns = []
    yesterday: Patterns = []
    day_after_tomorrow: Patterns = []
    next: Patterns = []
    this: Patterns = []
    last: Patterns = []
    in_: Patterns = Field(default=[], alias="in")
    ago: Patterns = []
    day: Patterns = []
    week: Patterns = []
    month: Patterns = []
    year: Patterns = []


class Cues(_Section):
    """Words that say what a date or a sentence is about."""

    deadline: Patterns = []
    deadline_before: Patterns = []
    registration: Patterns = []
    submission: Patterns = []
    question: Patterns = []
    deadline_other: Patterns = []
    happens: Patterns = []
    happened: Patterns = []
    published: Patterns = []
    updated: Patterns = []
    background: Patterns = []
    procedure: Patterns = []
    replaced: Patterns = []
    cancelled: Patterns = []
    postponed: Patterns = []
    online: Patterns = []
    hybrid: Patterns = []
    in_person: Patterns = []
    parallel: Patterns = []
    within: Patterns = []
    agenda: Patterns = []
    more_information: Patterns = []


class Events(_Section):
    """Nouns for gatherings, by kind."""

    conference: Patterns = []
    seminar: Patterns = []
    workshop: Patterns = []
    training: Patterns = []
    webinar: Patterns = []
    info_day: Patterns = []
    market_consultation: Patterns = []
    matchmaking: Patterns = []
    meeting: Patterns = []
    award: Patterns = []
    other: Patterns = []


class Labels(_Section):
    """Labels of fields, without their colon."""

    date: Patterns = []
    time: Patterns = []
    start: Patterns = []
    end: Patterns = []
    place: Patterns = []
    venue: Patterns = []
    country: Patterns = []
    mode: Patterns = []
    organiser: Patterns = []
    host: Patterns = []
    partner: Patterns = []
    buyer: Patterns = []
    funder: Patterns = []
    contact: Patterns = []
    name: Patterns = []
    job_title: Patterns = []
    organisation: Patterns = []
    email: Patterns = []
    phone: Patterns = []
    website: Patterns = []
    deadline: Patterns = []
    deadline_registration: Patterns = []
    deadline_submission: Patterns = []
    deadline_question: Patterns = []
    published: Patterns = []
    updated: Patterns = []
    event_title: Patterns = []
    price: Patterns = []
    language: Patterns = []
    speakers: Patterns = []
    registration: Patterns = []
    reference: Patterns = []


class Roles(_Section):
    """Words that tie an organisation to an event. `*_by` stands before the name, `*_does` behind it."""

    organiser_by: Patterns = []
    organiser_does: Patterns = []
    co_organiser_by: Patterns = []
    host_by: Patterns = []
    host_does: Patterns = []
    participant_does: Patterns = []
    participant_by: Patterns = []
    speaker_by: Patterns = []
    partner_by: Patterns = []
    funder_by: Patterns = []
    buyer_by: Patterns = []


class Organisations(_Section):
    """Words that make or break an organisation's name."""

    heads: Patterns = []
    weak_heads: Patterns = []
    legal_forms: Patterns = []
    inside: Patterns = []
    not_names: Patterns = []


class Programmes(_Section):
    """Nouns that mark a programme or a project."""

    programme: Patterns = []
    project: Patterns = []


class Places(_Section):
    """Words around places."""

    before_place: Patterns = []
    venue_heads: Patterns = []
    street_heads: Patterns = []
    not_places: Patterns = []
    forms: dict[str, str] = {}


class People(_Section):
    """Words around people and their contact data."""

    honorifics: Patterns = []
    job_titles: Patterns = []
    phone_cues: Patterns = []
    mobile_cues: Patterns = []
    fax_cues: Patterns = []
    at_words: Patterns = []
    dot_words: Patterns = []
    desk_words: Patterns = []


class DateExample(_Section):
    """A text, the day it was written, and the dates that must be read from it, in order."""

    text: str
    reference: str | None = None
    dates: list[dict[str, Any]]


class NotExample(_Section):
    """A text that holds no date."""

    text: str


class Lexicon(_Section):
    """One language's words. `countries` are ISO 3166-1 codes, most likely first."""

    code: str
    name: str
    countries: list[str]
    date_order: str = "DMY"
    noun_capitals: bool = False
    """True where every noun has a capital, so that one proves no name."""
    dates: Dates = Dates()
    times: Times = Times()
    relative: Relative = Relative()
    cues: Cues = Cues()
    events: Events = Events()
    labels: Labels = Labels()
    roles: Roles = Roles()
    organisations: Organisations = Organisations()
    programmes: Programmes = Programmes()
    places: Places = Places()
    people: People = People()
    examples: list[DateExample] = []
    not_: list[NotExample] = Field(default=[], alias="not")

    @field_validator("date_order")
    @classmethod
    def _order(cls, value: str) -> str:
        if not re.fullmatch(r"DMY|MDY|YMD", value):
            raise ValueError("date_order is DMY, MDY or YMD")
        return value
