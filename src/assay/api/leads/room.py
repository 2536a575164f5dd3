"""The heading under which the operations on leads stand."""

from assay.api.room import Room

room = Room("Leads")
