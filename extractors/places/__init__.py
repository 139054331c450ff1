"""Places: the gazetteer, and finding the cities, regions, countries and venues that a document names."""

from extractors.places.find import find_places
from extractors.places.gazetteer import Candidate, Gazetteer, GazetteerError, fold_name, gazetteer, lookup
from extractors.places.venues import find_venues, is_online, locate

__all__ = [
    "Candidate",
    "Gazetteer",
    "GazetteerError",
    "find_places",
    "find_venues",
    "fold_name",
    "gazetteer",
    "is_online",
    "locate",
    "lookup",
]
