"""CRMs that leads come from, and that are told how these stand."""
