"""What the files of a packet are called where somebody chooses among them, in the language spoken now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath

from interlocal.report.language import DRAFT, NAMES, _

_FORMS = {".pdf": "PDF", ".docx": "Word", ".xlsx": "Excel"}


def by_document(names: Iterable[str], partners: Mapping[str, str]) -> dict[str, list[tuple[str, str]]]:
    """Return the files by document: what it is called, and its forms with the file of each.

    Parameters
    ----------
    names
        Files as ``write_packet`` names them, such as ``brief.es.pdf`` or ``partners/colrain.docx``.
    partners
        By id what a partner is called.
    """
    found: dict[str, list[tuple[str, str]]] = {}
    for name in names:
        path = PurePosixPath(name)
        what, _dot, language = path.stem.partition(".")
        title = _("Sheet for {partner}").format(partner=partners.get(what, what)) if path.parent.name else _titles()[what]  # fmt: skip
        if language:
            title += f", {NAMES[language]}"
        if language in DRAFT:
            title = _("{document} (a draft: nobody has reviewed the translation)").format(document=title)
        found.setdefault(title, []).append((_FORMS[path.suffix], name))
    return found


def _titles() -> Mapping[str, str]:
    return {
        "brief": _("Brief of two pages"),
        "victories": _("Victories, one page for the public"),
        "report": _("Report"),
        "agreement": _("Draft agreement"),
        "resolution": _("Resolution, as a template"),
        "memo": _("Memo, as a template"),
        "workbook": _("Workbook with live formulas"),
    }
