"""Contact data of a document: e-mail addresses, telephone numbers, and the cards they make up. Never guesses a value."""

from __future__ import annotations

from extractors.contacts.cards import find_contacts
from extractors.contacts.emails import EmailMention, find_emails
from extractors.contacts.phones import find_phones

__all__ = ["EmailMention", "find_contacts", "find_emails", "find_phones"]
