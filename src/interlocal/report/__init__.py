"""A study as people read it: in words, as pictures with their tables, as one page, on a terminal, in files."""
