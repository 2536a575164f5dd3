"""Doors for data: files, the collector, forms. Untrusted input becomes typed rows or refusals."""
