"""Figures: the funnel, the audit, the sources and the rule they are counted by."""
