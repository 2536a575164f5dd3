"""The lake: signals, ledger and leads as Parquet files in a folder or an object store, for whoever reads millions."""
