"""One module per kind of screen. Each view asks ``policies``, reads, and changes state through ``actions``."""
