"""Deals: read, changed, and their points confirmed. They are opened and closed by moves of their lead."""
