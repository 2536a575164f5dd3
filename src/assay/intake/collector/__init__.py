"""Events over HTTP: Segment's calls in, stored before they are acknowledged."""
