"""Every text that a resident may read, gathered from where it is written: code, pages and reference data."""

import ast
import calendar
import dataclasses
import functools
import re
import tomllib
from html import unescape
from pathlib import Path

import interlocal
from interlocal.case.document import Case
from interlocal.report.language import catalogue

ROOT = Path(interlocal.__file__).parent
CODE = [
    *(ROOT / "lessons").glob("*.py"), *(ROOT / "questions").glob("*.py"), *(ROOT / "costs").glob("*.py"),
    *(ROOT / "governance" / f"{m}.py" for m in ("answer", "conditions", "ranking", "screening")),
    *(ROOT / "sharing" / f"{m}.py" for m in ("large", "stand_alone")),
    ROOT / "partnership" / "victories.py", ROOT / "numerics" / "summary.py", ROOT / "study.py",
    *(ROOT / "report" / f"{m}.py" for m in (
        "charts", "drawing", "gains", "governance", "headline", "ledger", "networks", "opinions", "outline", "overview", "papers", "schedule",
        "setting", "shares_words", "sheet", "tables", "tradeoff", "trust", "victories", "waves", "words")),
]  # fmt: skip
# Said to whoever runs a command or writes a case, not to a resident.
NOT_SAID = {"lessons/overrides.py", "questions/formulas_tried.py"}
PAGES = [
    ROOT / "report" / "templates" / f"{p}.html"
    for p in ("study", "overview", "money", "lessons", "preparing", "governance", "parts")
]
REFERENCE = {
    "services": {"name"}, "measures": {"name", "unit"}, "lessons": {"label", "collect", "remedy", "meaning"},
    "governance_models": {"name", "good_when", "because", "text", "who"}, "clauses": {"title", "questions"}, "posts": {"name"},
    "premortem": {"goes_wrong"}, "effects": {"why"}, "optimism": {"name"}, "facts": {"text", "name", "says"}, "places": {"text", "name"},
}  # fmt: skip
# Said as a value of a sentence, where no rule can tell it from a key.
WORDS = [
    "absent",
    "adequate",
    "clear",
    "emerging",
    "even",
    "likely",
    "missing",
    "no",
    "present",
    "strong",
    "unknown",
    "unlikely",
    "warning",
    "watch",
    "weak",
    "yes",
    "a",
    "an",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "To",
    "to",
    "with",
    "without",
    "For it",
    "Against it",
    "agreed",
    "trust",
    "readiness",
    "safety",
    "pulse",
    "openness",
    "reliability",
    "shared mission",
    "mistakes",
    "asked",
    "done",
    "none",
    "always",
    "never",
    "best",
    "worst",
    "better",
    "worse",
    "more",
    "less",
    "higher",
    "lower",
    "up",
    "down",
    "badly",
    "bad",
    "good",
    "benefits",
    "capital",
    "debt",
    "formula",
    "overhead",
    "Optimism",
    "mandate",
    "members",
    "decides",
    "beats",
    "come",
    "comes",
    "recorded",
    "claimed",
    "doubling",
    "is",
    "are",
    "itself",
    "themselves",
    "head",
    "heads",
    "station",
    "stations",
    "system",
    "systems",
    "inside weight",
    "inside spread",
    "delay months",
    "prices of each year",
    "constant prices",
    "Nothing tells whether the case or the literature is the better guide here, so both count the same; results at 0 and 1 stand beside it.",
    "margin",
    "margins",
    "thing",
    "things",
    "decision",
    "decisions",
    "survey",
    "surveys",
    "date",
    "dates",
    "step",
    "steps",
]
_NOT_SAID = {"Problem", "InputError", "compile", "_"}
_CODE = re.compile(r".*datum\.|viewBox|[a-z]+[A-Z]\w+|format\(")
_SENTENCE = re.compile(
    r"[A-Za-z]{2}.*[A-Za-z},.;:)’”] ?[ ({]|[A-Za-z},.;:)’”] ?[ ({].*[A-Za-z]{2}|[A-Z][a-z]{2,}", re.DOTALL
)


def shape(node):
    """Return the shape of a text in code, its values numbered; None for anything else."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return numbered(node.value)
    if isinstance(node, ast.JoinedStr):
        return numbered("".join(v.value if isinstance(v, ast.Constant) else "{}" for v in node.values))
    return None


def numbered(text):
    """Return a text with its places numbered in their order."""
    count = iter(range(99))
    return re.sub(r"\{\w*(?::[^{}]*)?\}", lambda _: f"{{{next(count)}}}", text)


def in_code(path, *, sentences):
    """Return the texts of a module: all, or what reads like a sentence and is said to a reader."""
    tree = ast.parse(path.read_text())
    left_out, found = set(), set()
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            left_out |= {v for v in node.values if isinstance(v, ast.Constant)}
        if not sentences:
            continue
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            left_out.add(node.value)
        name = getattr(getattr(node, "func", None), "id", getattr(getattr(node, "func", None), "attr", ""))
        if isinstance(node, ast.Raise | ast.Assert) or name in _NOT_SAID:
            left_out |= set(ast.walk(node))
        if isinstance(node, ast.Subscript):
            left_out.add(node.slice)
    for node in ast.walk(tree):
        text = None if node in left_out else shape(node)
        if text and not _CODE.match(text) and (not sentences or _SENTENCE.search(text)):
            found.add(text.strip())
    return found


def in_pages():
    """Return the texts between the tags of the pages, cut where a page chooses."""
    found = set()
    for path in PAGES:
        bare = re.sub(
            r"<style>.*?</style>|<code>.*?</code>|\{#.*?#\}", "<>", path.read_text(), flags=re.DOTALL
        )
        for piece in re.split(r"<[^<>]*?>|\{%.*?%\}|\n", re.sub(r'"[^"{}]*\{\{.*?\}\}[^"{}]*"', '""', bare)):
            text = numbered(re.sub(r"\{\{.*?\}\}", "{}", piece)).strip()
            if re.search(r"[A-Za-z]{2}", re.sub(r"\{\d+\}", "", text)):
                found.add(text)
    return found


def in_reference():
    """Return the texts of the reference data that a study tells."""
    return {
        numbered(text)
        for name, fields in REFERENCE.items()
        for text in _texts(tomllib.loads((ROOT / "reference" / f"{name}.toml").read_text()), fields)
    }


def _texts(tree, fields):
    if isinstance(tree, list):
        for item in tree:
            yield from _texts(item, fields)
    elif isinstance(tree, dict):
        for key, value in tree.items():
            if key in fields and isinstance(value, str):
                yield value
            elif key in fields and isinstance(value, list):
                yield from (v for item in value for v in (item if isinstance(item, list) else [item]))
            else:
                yield from _texts(value, fields)


def counted():
    """Return each noun that is said with a number, for one and for many."""
    found = set()
    for node in (n for path in CODE for n in ast.walk(ast.parse(path.read_text()))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "count":
            said = [a.value for a in node.args[1:] if isinstance(a, ast.Constant)]
            found |= {*said, *(f"{one}s" for one in said if len(said) == 1)}
    return found


def fields():
    """Return each name of a field of the case: the label of a figure tells where it lies."""
    return {name.replace("_", " ") for name in _properties(Case.model_json_schema())}


def _properties(tree):
    if isinstance(tree, dict):
        yield from tree.get("properties", {}) if isinstance(tree.get("properties"), dict) else ()
        tree = tree.values()
    for part in tree if isinstance(tree, list | type({}.values())) else ():
        yield from _properties(part)


def glossary():
    """Return the terms that a report explains, and what they mean."""
    told = tomllib.loads((ROOT / "report" / "glossary.toml").read_text())
    return {*told, *told.values()}


def sentences():
    """Return every text that each catalogue must have."""
    code = [p for p in CODE if p.relative_to(ROOT).as_posix() not in NOT_SAID]
    return set().union(
        *(in_code(p, sentences=True) for p in code),
        *(in_pages(), in_reference(), counted(), fields(), glossary(), WORDS, calendar.month_name[1:]),
    )


def written():
    """Return every text that is written anywhere a resident's documents come from."""
    return sentences().union(*(in_code(p, sentences=False) for p in CODE))


def texts(thing):
    """Return every text that a reader of a document meets, the letters in its pictures too."""
    if isinstance(thing, str):
        yield thing
    elif isinstance(thing, list | tuple):
        for item in thing:
            yield from texts(item)
    elif dataclasses.is_dataclass(thing):
        read = {f.name for f in dataclasses.fields(thing)} - {
            "svg",
            "id",
            "anchor",
            "pointer",
            "tone",
            "language",
            "dated",
        }
        for name in sorted(read):
            yield from texts(getattr(thing, name))
        yield from (unescape(t) for t in re.findall(r"<text[^>]*>([^<]*)</text>", getattr(thing, "svg", "")))


@functools.cache
def _only_english(code):
    said = catalogue(code)
    return set().union(*map(_words, said)) - set().union(*map(_words, said.values()))


def english(text, own, code):
    """Return the words of a text that the other language does not have, leaving out what people wrote themselves."""
    for phrase in sorted(own, key=len, reverse=True):
        text = text.replace(phrase, "")
    return _words(text) & _only_english(code)


def _words(text):
    return {w.lower() for w in re.findall(r"[^\W\d_]+(?:['’][a-z]+)?", re.sub(r"\{\w+\}", "", text))}
