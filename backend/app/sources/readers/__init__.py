"""One reader per file type; each turns a request into blocks in reading order."""
