"""The door for programs: `/api/v1`. Reads go to the records, every write is a verb of the actions."""
