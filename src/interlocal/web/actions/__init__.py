"""Everything that changes the database. Keyword arguments only, each whole or not at all, each in the audit trail.

Who may do it is asked before, in ``policies``; what is done is written here and nowhere else.
"""
