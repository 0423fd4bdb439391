"""The three fundamental questions: money, service level, sustainability."""
