"""The tests: the same tree as the package, so that a test stands at the path of what it tests."""
