"""The report of a week: put together once in the reader's language, then written as a mail and as a PDF."""
