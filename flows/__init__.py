"""What runs, when, and what it touches: files, the web, the store, the orchestrator, the command line."""
