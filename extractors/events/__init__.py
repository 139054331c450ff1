"""From mentions to event records: contexts, date roles, candidates, titles, and what belongs to which event."""
