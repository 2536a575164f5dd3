"""A draft of the rule replayed on history: whom it would have promoted and when, by what was known then."""
