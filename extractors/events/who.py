"""Who runs an event and whom to ask: organisations in their roles, and contacts, each with the events they belong to."""

from __future__ import annotations

import re
from collections.abc import Sequence

from extractors.events import candidates as candidate_rules
from extractors.events.context import Context, Sentence
from extractors.events.draft import Event, Found, evidence
from extractors.lexicon import field_of
from schemas import (
    BlockKind,
    EventKind,
    EventOrganisation,
    EventStatus,
    Organisation,
    OrganisationRole,
)

_FIELD_ROLES = {
    "organiser": OrganisationRole.ORGANISER, "host": OrganisationRole.HOST, "partner": OrganisationRole.CO_ORGANISER,
    "buyer": OrganisationRole.BUYER, "funder": OrganisationRole.FUNDER,
}  # fmt: skip
_CUE_ROLES = {
    "roles.organiser_by": (OrganisationRole.ORGANISER, "behind"), "roles.organiser_does": (OrganisationRole.ORGANISER, "front"),
    "roles.co_organiser_by": (OrganisationRole.CO_ORGANISER, "behind"), "roles.host_by": (OrganisationRole.HOST, "behind"),
    "roles.host_does": (OrganisationRole.HOST, "front"), "roles.participant_does": (OrganisationRole.PARTICIPANT, "front"),
    "roles.participant_by": (OrganisationRole.PARTICIPANT, "behind"), "roles.speaker_by": (OrganisationRole.SPEAKER, "behind"),
    "roles.partner_by": (OrganisationRole.PARTNER, "behind"), "roles.funder_by": (OrganisationRole.FUNDER, "behind"),
    "roles.buyer_by": (OrganisationRole.BUYER, "behind"),
}  # fmt: skip
_CONTACT_KEYS = frozenset({"contact", "email", "phone", "name", "organiser"})
# What is held around an event of the page's own by those who run it; a workshop or webinar beside it may well be another body's.
_PARTS = frozenset({EventKind.MATCHMAKING, EventKind.MARKET_CONSULTATION, EventKind.MEETING, EventKind.AWARD})
_ROLE_REACH = 90
_SUBJECT_REACH = 140
_PARENTHESIS = re.compile(r"\([^()]{0,80}\)")
_RUNS = frozenset({OrganisationRole.ORGANISER, OrganisationRole.CO_ORGANISER, OrganisationRole.HOST})


def set_organisations(context: Context, events: list[Event], found: Found) -> None:
    """Give the events the bodies that fields and role words name, each in its role."""
    mentions = sorted(
        (
            (e.start, e.end, organisation)
            for organisation in found.organisations
            for e in organisation.evidence
            if e.start is not None and e.end is not None
        ),
        key=lambda m: (m[0], -m[1]),
    )
    for start, end, organisation in mentions:
        index = context.block_at(start)
        sentence = context.sentence_at(start)
        if index is None or sentence is None:
            continue
        made: tuple[OrganisationRole, int, int] | None = None
        key = context.field_keys[index]
        joint = [
            cue
            for cue in sentence.with_tag("roles.co_organiser_by")
            if end <= cue.start and len(_PARENTHESIS.sub("", context.text(end, cue.start)).strip(" )")) <= 1
        ]
        if key in _FIELD_ROLES:
            block = context.document.blocks[index]
            made = (_FIELD_ROLES[key], block.start, block.end)
        else:
            made = _role_by_cue(context, sentence, start, end, mentions)
            if made is None and joint and sentence.nouns and len(context.text(sentence.start, start).split()) <= 1:
                # "The municipality, together with the university, offers three seminars."
                made = OrganisationRole.ORGANISER, joint[0].start, joint[0].end
        if made is None:
            continue
        role, low, high = made
        for event in _events_of(context, events, sentence):
            if not any(other.name == organisation.name and other.role is role for other in event.organisations):
                event.organisations.append(
                    EventOrganisation(
                        name=organisation.name,
                        role=role,
                        evidence=[evidence(context, min(low, start), max(high, end), f"role {role.value}")],
                    )
                )
    _lead_subject(context, events, mentions)


def _lead_subject(context: Context, events: list[Event], mentions: Sequence[tuple[int, int, Organisation]]) -> None:
    """Coming events that name no organiser: those of the page's own event run its parts too, else the body the lead opens with speaks."""
    bare = [event for event in _coming(events) if not any(o.role in _RUNS for o in event.organisations)]
    listing = _one_listing(events)
    if not listing:
        bare = [event for event in bare if not event.cluster.own_block]
    if not bare or (len(bare) > 3 and not listing):
        return
    mains = [event for event in events if event.cluster.main and event not in bare]
    given = [o for event in mains for o in event.organisations if o.role is OrganisationRole.ORGANISER]
    if given:
        for event in bare:
            if event.kind in _PARTS:
                event.organisations.extend(o.model_copy(deep=True) for o in given)
        bare = [event for event in bare if event.kind not in _PARTS]
    title = context.title_index
    leads = [
        s
        for s in context.sentences
        if context.document.blocks[s.block].kind is BlockKind.PARAGRAPH
        and s.block != title
        and len(context.text(s.start, s.end).split()) >= 8
    ][:2]
    for sentence in leads:
        first = next((m for m in mentions if sentence.start <= m[0] < sentence.end), None)
        if (
            first is None
            or len(context.text(sentence.start, first[0]).split()) > 2
            or context.text(sentence.start, first[0]).strip(" \"'„“«’").endswith(",")
        ):
            continue
        start, end, organisation = first
        for event in bare:
            event.organisations.append(
                EventOrganisation(
                    name=organisation.name,
                    role=OrganisationRole.ORGANISER,
                    evidence=[evidence(context, start, end, "the body the lead opens with")],
                )
            )
        return


def _role_by_cue(
    context: Context, sentence: Sentence, start: int, end: int, mentions: Sequence[tuple[int, int, Organisation]]
) -> tuple[OrganisationRole, int, int] | None:
    best: tuple[int, OrganisationRole, int, int] | None = None
    for cue in sentence.with_tag("roles."):
        if cue.tag not in _CUE_ROLES:
            continue
        role, side = _CUE_ROLES[cue.tag]
        if side == "behind" and cue.end <= start:
            distance, between = start - cue.end, context.text(cue.end, start)
        elif side == "front" and end <= cue.start:
            distance, between = cue.start - end, context.text(end, cue.start)
        elif side == "front" and cue.end <= start and not any(sentence.start <= s < cue.start for s, _, _ in mentions):
            # The verb comes first: "Am 5. Mai veranstaltet das Ministerium ...".
            side, distance, between = "behind", start - cue.end, context.text(cue.end, start)
        else:
            continue
        # The subject that opens the sentence may be far from its verb where the verb comes last (Turkish, Basque, German).
        opens = side == "front" and bool(sentence.nouns) and len(context.text(sentence.start, start).split()) <= 1
        if (
            distance > (_SUBJECT_REACH if opens else _ROLE_REACH)
            or any(mark in between for mark in ";:")
            or (side == "front" and "(" in between and ")" not in between)
        ):
            continue
        # Other bodies may stand between only in a list: "organised by A, B and C".
        others = [(s, e) for s, e, _ in mentions if (cue.end <= s and e <= start if side == "behind" else end <= s and e <= cue.start)]
        loose = between
        for s, e in others:
            loose = loose.replace(context.text(s, e), "")
        loose = _PARENTHESIS.sub("", loose)
        limit = 18 if side == "behind" else _SUBJECT_REACH if opens and len(others) <= 2 else 45
        if len(" ".join(loose.split())) > limit + 8 * len(others):
            continue
        if any(
            other.tag.startswith("roles.")
            and not (side == "front" and other.tag == "roles.co_organiser_by")
            and other is not cue
            and min(cue.end, end) <= other.start
            and other.end <= max(start, cue.start)
            for other in sentence.cues
        ):
            continue
        score = distance
        # A longer cue says more: "co-organised by" holds "organised by".
        if best is None or (score - (cue.end - cue.start),) < (best[0],):
            best = (score - (cue.end - cue.start), role, cue.start, cue.end)
    return (best[1], best[2], best[3]) if best else None


def _events_of(context: Context, events: list[Event], sentence: Sentence) -> list[Event]:
    """The events a sentence speaks of: those with it, those of its section, the page's own, or an only one; else all of a listing."""
    own = [event for event in events if any(s is sentence for s in event.sentences)]
    if own:
        return own
    sectioned = [event for event in events if event.section is not None and event.section == context.section_of[sentence.block]]
    if sectioned:
        return sectioned
    kinds = {candidate_rules.kind_of(noun) for noun in sentence.nouns}
    named = [event for event in events if event.kind in kinds and not event.cluster.own_block]
    if len(named) == 1 and not named[0].cluster.main:
        return named
    events = _coming(events)
    loose = [event for event in events if not event.cluster.own_block and event.section is None]
    if named and len(loose) <= 3 and all(event in loose for event in named):
        # What the page says of its own event holds for those told along with it.
        return loose
    if len(events) == 1:
        return list(events)
    main = [event for event in events if event.cluster.main]
    if main:
        return main
    if len(events) <= 3 and not any(event.cluster.own_block for event in events):
        return list(events)
    if any(event.section is not None and event.section == context.section_of[sentence.block] for event in events):
        return []
    # What stands outside all entries of a listing of one kind holds for each of them.
    return list(events) if _one_listing(events) else []


def _coming(events: list[Event]) -> list[Event]:
    """Without the earlier editions a page looks back on beside its coming event: what the page says in general is not said of them."""
    coming = [event for event in events if event.status is not EventStatus.PAST or event.cluster.main]
    return coming or events


def _one_listing(events: list[Event]) -> bool:
    """True for a page that lists gatherings of one kind, each in an item or section of its own."""
    kinds = [event.kind for event in events]
    apart = all(event.cluster.own_block or event.section is not None for event in events)
    return len(events) >= 2 and apart and max(map(kinds.count, kinds)) >= 0.7 * len(kinds)


def _boxed(context: Context, sentence: Sentence) -> bool:
    """True where the page offers the contact for its events in general: a contact field or heading, or words such as "for questions"."""
    if context.field_keys[sentence.block] in _CONTACT_KEYS:
        return True
    heading = context.heading_index(sentence.block)
    scopes = [sentence.cues, *([cue for s in context.by_block[heading] for cue in s.cues] for heading in (heading,) if heading is not None)]
    if sentence.block > 0:
        scopes.append([cue for s in context.by_block[sentence.block - 1][-1:] for cue in s.cues])
    if any(cue.tag in {"cues.more_information", "cues.registration", "cues.question"} for cues in scopes for cue in cues):
        return True
    if heading is None:
        return False
    block = context.document.blocks[heading]
    return field_of(context.text(block.start, block.end), context.language) in _CONTACT_KEYS


def set_contacts(context: Context, events: list[Event], found: Found) -> None:
    """Give each event the contacts of its own part of the page, else those the page offers for what is to come."""
    for contact in found.contacts:
        starts = [evidence.start for evidence in contact.evidence if evidence.start is not None]
        sentence = context.sentence_at(min(starts)) if starts else None
        if sentence is None:
            own: list[Event] = []
            targets = events if len(events) <= 1 else [event for event in events if event.cluster.main]
        else:
            own = [event for event in events if sentence.block in event.blocks and (event.cluster.own_block or len(events) == 1)]
            sectioned = [event for event in events if event.section is not None and event.section == context.section_of[sentence.block]]
            aside = context.document.blocks[sentence.block].region.value in {"footer", "aside", "header"} and contact.kind == "desk"
            coming = _coming(events)
            if own or sectioned:
                targets = own or sectioned
            elif aside and len(found.contacts) > 1:
                # The agency's switchboard beside a contact of the event's own.
                targets = []
            elif len(events) == 1 or _boxed(context, sentence) or _one_listing(events):
                targets = coming
            else:
                targets = [event for event in coming if event.cluster.main] or (coming if len(coming) <= 2 else [])
        for event in targets:
            if event.status is EventStatus.CANCELLED and len(events) > 1 and event not in own and not event.cluster.main:
                continue
            event.contacts.append(contact)
