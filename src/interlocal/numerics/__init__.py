"""Draws, distributions and the engine that runs them; knows nothing of cases and questions."""
