"""The guided path: the order of the work, what each page asks for, and how far the case is on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from interlocal.case.document import Case
from interlocal.questions.collect import Gap, gaps
from interlocal.web import audiences
from interlocal.web.policies import Access

State = Literal["complete", "enough", "thin", "empty"]
WORDS: dict[State, str] = {
    "complete": "complete",
    "enough": "enough",
    "thin": "thin",
    "empty": "empty",
}


@dataclass(frozen=True)
class Page:
    """One page of the path: a part of the case, in plain words."""

    path: str
    """Where it stands in the case, as in the page's address; ``about`` is the case's own fields."""
    title: str
    asks: str


@dataclass(frozen=True)
class Step:
    """One step of the path."""

    id: str
    title: str
    pages: tuple[Page, ...]


PATH = (
    Step("why_now", "Why now", (
        Page("about", "The case in short", "What is this about, as of which day, and how far is it?"),
        Page("service", "The service", "Which service, and what of it?"),
        Page("driver_claims", "What pushes", "Who says that something pushes towards sharing, and how do they know?"),
        Page("mandates", "Laws that bind", "Does a law oblige anybody?"),
        Page("events", "Dates that matter", "Elections, contract ends, retirements, budgets."),
        Page("ideas", "Ideas from staff", "What do the people who do the work propose?"),
        Page("duplication", "Doing the same apart", "How many of the same thing do the partners keep?"),
        Page("agreements", "Earlier agreements", "What do partners share already, and how does it go?"),
        Page("attempts", "Earlier attempts", "What was tried and stopped?"),
        Page("comparables", "Others who did it", "Who did the same, and what came of it?"),
        Page("taken_over", "Savings taken over", "Does a saving rest on somebody else’s?"),
    )),
    Step("partners", "Partners", (Page("partners", "Partners", "Who might share, and what is known of each?"),)),
    Step("today", "Today’s cost and service", (
        Page("spending", "What each spends", "What did each partner spend, and what does the figure contain?"),
        Page("scope_adjustments", "Bringing figures together", "Which rate adds what a figure leaves out?"),
        Page("staffing", "Posts and pay", "Who covers the service, on which pay?"),
        Page("service_measures", "How well it does", "How is good service measured, and what is today’s level?"),
        Page("assumptions", "Yardsticks", "Years, growth, borrowing: by what is everything measured?"),
    )),
    Step("options", "Options", (Page("options", "Options", "What could be done, what would it cost, on what terms?"),)),
    Step("people", "People and trust", (
        Page("key_posts", "Key posts", "Which posts are open, or fall open?"),
        Page("roles", "Who carries what", "Sponsor, champion, lead: who, and with how many hours?"),
        Page("lead_nominations", "Who should lead", "Whom does each partner expect to lead?"),
        Page("plan", "The plan", "What is to be done, how long does it take, what was promised?"),
        Page("vision", "The picture ahead", "What did partners agree to aim at?"),
        Page("goals", "Goals", "What is wanted?"),
        Page("partner_goals", "Each partner’s goals", "What comes first for each, and what could it not live with?"),
        Page("expectations", "Expectations", "Who expects what, by when?"),
        Page("promises", "Promises", "What was promised to the public?"),
        Page("surveys", "Surveys", "What did closed surveys find?"),
        Page("stakeholders", "Who is touched", "Whom does it touch, and were they heard?"),
        Page("engagement", "Meetings and comments", "Meetings held, documents shown, comments answered."),
    )),
    Step("shares", "Shares", (Page("options", "The formula", "Open an option and its formula: who pays what?"),)),
    Step("governance", "Governance", (
        Page("governance", "The form", "Which form, and what does it rest on?"),
        Page("votes", "Votes", "What did governing bodies decide?"),
        Page("consents", "Consent", "Who endorses it, can live with it, or blocks it?"),
        Page("recommendations", "Recommendations", "What came of what was recommended?"),
        Page("preferred_before_study", "Preferred beforehand", "Had somebody settled on an option before the study?"),
        Page("check_ins", "Check-ins", "Which meetings were planned and held?"),
        Page("actions", "Actions", "Who is to do what by when?"),
        Page("issues", "Issues", "What went wrong between partners?"),
        Page("disputes", "Disputes", "Formal disputes and how they ended."),
        Page("thresholds", "Thresholds", "Which yardsticks of the lessons are set otherwise, and why?"),
    )),
)  # fmt: skip


@dataclass(frozen=True)
class Standing:
    """A page as it stands in a case."""

    page: Page
    entries: int
    state: State
    adds: tuple[str, ...]
    """What filling it would add, from what to collect next."""
    draft: bool


def steps(access: Access) -> list[tuple[Step, State, list[Standing]]]:
    """Return the path with how each step stands; it shows what is missing and blocks nothing."""
    case, data = access.case.head.read, audiences.hide(access.case.head.data, access)
    lacking = _lacking(access)
    drafts = set(access.case.drafts.filter(person=access.person).values_list("path", flat=True))
    found = []
    for step in PATH:
        rows = [_standing(page, case, data, lacking, drafts) for page in step.pages]
        found.append((step, _together(rows), rows))
    return found


def _lacking(access: Access) -> list[Gap]:
    """Return what the case lacks for this person: what is kept from it is no gap, and nothing tells of it."""
    seen = audiences.case_of(access)
    if seen is None or seen is access.case.head.read:
        return list(gaps(seen)) if seen else []
    found = gaps(seen)
    real = {(g.pointer, g.text) for g in gaps(access.case.head.read)}
    return [g for g in found if (g.pointer, g.text) in real]


def _standing(page: Page, case: Case, data: dict[str, Any], lacking: list[Gap], drafts: set[str]) -> Standing:
    adds = tuple(f"{g.text}. {g.why}" for g in lacking if g.pointer.split("/")[1] == page.path)
    drafted = any(d == page.path or d.startswith(f"{page.path}/") for d in drafts)
    if page.path == "about":
        return Standing(page, 1, "complete" if case.summary else "enough", adds, drafted)
    value = data.get(page.path)
    entries = len(value) if isinstance(value, list) else int(bool(value))
    state: State = "empty" if not entries else "thin" if adds else "enough"
    return Standing(page, entries, state, adds, drafted)


def _together(rows: list[Standing]) -> State:
    states = {r.state for r in rows}
    if states == {"empty"}:
        return "empty"
    if "thin" in states or any(r.adds for r in rows):
        return "thin"
    return "enough" if "empty" in states else "complete"


def beside(path: str) -> tuple[Page | None, Page | None]:
    """Return the page before a page of the path and the one after it, in the order of the work."""
    # Options come up twice: first as what could be done, then for their formula.
    first = {p.path: page_of(p.path) for s in PATH for p in s.pages}
    pages, here = list(first.values()), list(first).index(path)
    return (pages[here - 1] if here else None), next(iter(pages[here + 1 :]), None)


def page_of(path: str) -> Page | None:
    """Return the page of the path to which a part of the case belongs."""
    first = path.split("/", maxsplit=1)[0]
    return next((p for s in PATH for p in s.pages if p.path == first), None)
