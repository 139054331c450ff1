"""Places: the gazetteer, and finding the cities, regions, countries and venues that a document names."""

from extractors.places.find import find_places
from extractors.places.gazetteer import Candidate, Gazetteer, GazetteerError, fold_name, gazetteer, lookup

__all__ = ["Candidate", "Gazetteer", "GazetteerError", "find_places", "fold_name", "gazetteer", "lookup"]
