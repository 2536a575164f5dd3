"""Assay sorts sales leads: a written rule scores them, sales accepts or returns them with a reason."""
