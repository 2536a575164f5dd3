"""What is kept: models, the database's own constraints and triggers, and how rows are read."""
