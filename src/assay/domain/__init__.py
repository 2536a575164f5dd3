"""The rules of Assay. No database, no network, no clock: time and policy come in as arguments."""
