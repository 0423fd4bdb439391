"""The guided path: the order of the work, what each page asks for, and how far a case or an agreement is on it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

State = Literal["complete", "enough", "thin", "empty"]
WORDS: dict[State, str] = {
    "complete": "complete",
    "enough": "enough",
    "thin": "thin",
    "empty": "empty",
}


@dataclass(frozen=True)
class Page:
    """One page of the path: a part of the document, in plain words."""

    path: str
    """Where it stands in the document, as in the page's address; ``about`` is the document's own fields."""
    title: str
    asks: str


@dataclass(frozen=True)
class Step:
    """One step of the path."""

    id: str
    title: str
    pages: tuple[Page, ...]


Path = tuple[Step, ...]
PATH: Path = (
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


AGREEMENT: Path = (
    Step("agreement", "The agreement", (
        Page("about", "The agreement in short", "Who shares what since when, and until when?"),
        Page("organisations", "Organisations", "Who can be a party?"),
        Page("parties", "Parties", "Who is a member, since when, and for which part of the service?"),
        Page("menu", "Menu of services", "Which parts of the service do members opt into?"),
        Page("renewal", "Renewal", "What happens at the end of the term?"),
        Page("insurance", "Insurance", "Which policies does the agreement ask for, and when do they expire?"),
        Page("documents", "Documents", "Which papers belong to it, and where are they kept?"),
        Page("publication", "The public directory", "What did the members choose to show to everybody?"),
    )),
    Step("terms", "Terms", (
        Page("formula", "The formula", "Who pays what?"),
        Page("before", "What each paid before", "What did each party pay for the service before?"),
        Page("frozen_parts", "Parts fixed at adoption", "Which parts were fixed, where the formula follows from the cost of every group?"),
        Page("escalator", "Escalator", "How do amounts in the agreement grow?"),
        Page("instalments", "When bills fall due", "In which months, with how many days to pay?"),
        Page("standards", "Standards", "Which level of service is promised?"),
        Page("voting", "Board and votes", "Who decides, with which majority?"),
        Page("exit", "Leaving", "What does leaving cost, and how long does it take?"),
    )),
    Step("books", "Books", (Page("years", "Fiscal years", "Budget, drivers, gifts in kind, payments: one page a year."),)),
    Step("results", "Promised and actual", (
        Page("baseline", "The promise", "What was promised at adoption, and what was the level at the start?"),
        Page("records", "Records", "What was spent and measured since, and who certifies it?"),
    )),
    Step("life", "Rhythm", (
        Page("life", "Agreed rhythm", "How often do the partners meet?"),
        Page("life/check_ins", "Check-ins", "Which meetings were planned and held, and what was decided?"),
        Page("life/actions", "Actions", "Who is to do what by when?"),
        Page("life/escalation", "Overdue actions", "Who takes up what is overdue?"),
        Page("life/key_posts", "Key posts", "Which posts are open, or fall open?"),
        Page("life/elections", "Elections", "Which elections can change who decides?"),
    )),
    Step("relationship", "Relationship", (
        Page("life/pulses", "Pulse surveys", "What did closed surveys find?"),
        Page("life/issues", "Issues", "What went wrong between partners?"),
        Page("life/disputes", "Disputes", "Formal disputes and how they ended."),
        Page("life/dispute_steps", "Steps of a dispute", "By which agreed steps is a dispute settled, and how long may each take?"),
    )),
    Step("victories", "Victories", (
        Page("life/milestones", "Milestones", "What is to be reached by when, and what was?"),
        Page("life/told", "Who was told", "To whom was a victory told, when and how?"),
    )),
    Step("ends", "Stops and the end", (
        Page("life/attempts", "False starts", "What was tried and stopped, and what was learned?"),
        Page("ending", "The end", "Why did it end, and what is divided?"),
    )),
)  # fmt: skip


@dataclass(frozen=True)
class Standing:
    """A page as it stands in a document."""

    page: Page
    entries: int
    state: State
    adds: tuple[str, ...]
    """What filling it would add, from what to collect next."""
    draft: bool


Lack = tuple[str, str]
"""Where something is missing, as JSON pointer, and what, in words."""


def steps(
    path: Path, data: dict[str, Any], lacking: Iterable[Lack], drafts: Iterable[str]
) -> list[tuple[Step, State, list[Standing]]]:
    """Return the path with how each step stands; it shows what is missing and blocks nothing.

    Parameters
    ----------
    data
        The document as plain values.
    drafts
        Pages on which the person has an entry that is not saved.
    """
    lacks = [(page_of(pointer.strip("/"), path) or path[0].pages[0], text) for pointer, text in lacking]
    drafted = {page_of(d, path) for d in drafts}
    found = []
    for step in path:
        rows = [
            _standing(page, data, tuple(text for at, text in lacks if at is page), page in drafted)
            for page in step.pages
        ]
        found.append((step, _together(rows), rows))
    return found


def _standing(page: Page, data: dict[str, Any], adds: tuple[str, ...], drafted: bool) -> Standing:  # noqa: FBT001 - one row's facts
    if page.path == "about":
        return Standing(page, 1, "complete" if data.get("summary") else "enough", adds, drafted)
    value: Any = data
    for step in page.path.split("/"):
        value = value.get(step) if isinstance(value, dict) else None
    if page.path == "life":
        value = value and value.get("rhythm_days")
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


def beside(page: Page, path: Path = PATH) -> tuple[Page | None, Page | None]:
    """Return the page before a page of the path and the one after it, in the order of the work."""
    every = list(pages(path).values())
    here = [p.path for p in every].index(page.path)
    return (every[here - 1] if here else None), next(iter(every[here + 1 :]), None)


def page_of(place: str, path: Path = PATH) -> Page | None:
    """Return the page of the path to which a part of the document belongs: the closest one above it."""
    known = pages(path)
    while place and place not in known:
        place = place.rpartition("/")[0]
    return known.get(place)


def pages(path: Path = PATH) -> dict[str, Page]:
    """Return the pages by their place. Options come up twice: first as what could be done, then for their formula."""
    found: dict[str, Page] = {}
    for step in path:
        for page in step.pages:
            found.setdefault(page.path, page)
    return found
