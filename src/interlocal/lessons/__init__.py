"""The 42 lessons as live checks: what each finds in a case, and the advice that follows."""
