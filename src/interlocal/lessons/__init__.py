"""The 42 lessons as live checks: what each finds in a case, and the advice that follows."""

from interlocal.lessons.advice import advice
from interlocal.lessons.catalogue import Step
from interlocal.lessons.checks import findings
from interlocal.lessons.finding import Evidence, Finding

__all__ = ["Evidence", "Finding", "Step", "advice", "findings"]
