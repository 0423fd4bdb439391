"""Which form a partnership takes: what is impossible, what speaks for and against the rest, and the clauses it needs."""
