"""Leads: found, read, entered, corrected, and moved on the ladder."""
