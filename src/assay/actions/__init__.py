"""Every write. One verb, one function, one transaction, one row in the ledger."""
