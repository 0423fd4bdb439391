"""After the study: the register of agreements, and the life of each partnership in it."""
