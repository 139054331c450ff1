"""What a text says: pure functions, text in, facts out. No network, no store, no clock, no orchestration."""
