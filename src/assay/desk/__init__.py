"""The doors for people: one folder per page, with its addresses, views, forms and templates."""
