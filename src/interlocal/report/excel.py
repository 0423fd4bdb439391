"""A study as a workbook of live formulas: inputs, yearly cost and shares that recompute when one is changed.

The formulas repeat the study's central path, the one run with every input at its median; they agree with it to the cent
until somebody changes an input. Probabilities need the simulation and are quoted from the study. What an audience may not
see is in the workbook only where it is part of a sum that the audience sees anyway.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import xlsxwriter

from interlocal.case.document import Case
from interlocal.report.excel_options import Options
from interlocal.report.live import Live, Page, total

_ABOUT = (
    "Yellow cells with a frame are inputs: change one, and every sheet follows. All other figures are formulas.",
    (
        "This is one path: every uncertain input at its middle value (median), in the study's own view of its saving. "
        "A middle path says nothing about how sure the result is: the sheet Probabilities quotes that from the simulation, "
        "and it does not change when you change an input here."
    ),
    (
        "The sheet Results sets what the workbook says now beside what the study says. The difference is 0 until you change "
        "something."
    ),
    "Savings are positive, added cost is negative. Amounts are in the case's currency; each year is a study year.",
    "Shares of the members must add up to 1 in each year; the row “all shares” shows whether they do.",
    "Rows called “together, not shown line by line” hold figures of which some are not for this audience.",
    (
        "Names for your own formulas: discount_rate, optimism, delay_months, rate_ESCALATOR, price_OPTION_LINE, "
        "share_OPTION_PARTNER, npv_OPTION_PARTNER. Find them under Formulas, Name Manager."
    ),
)


def write_workbook(document: Mapping[str, Any], case: Case, path: str | Path) -> None:
    """Write a study as an Excel workbook.

    Parameters
    ----------
    document
        The study's document, made for an audience.
    case
        The case it answers.
    path
        File to write; one that is there is replaced.

    Raises
    ------
    ValueError
        Where the study is of another case.
    """
    if document["case"]["sha256"] != case.sha256:
        raise ValueError("the study is of another case than the one given")
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        about = {
            "title": case.title,
            "comments": f"Interlocal {document['interlocal']}, seed {document['seed']}",
        }
        book.set_properties(about | {"created": np.datetime64(case.as_of).astype("datetime64[s]").item()})
        _Study(document, case, book).write()


class _Study(Options):
    def write(self) -> None:
        self._read_me()
        if self.document["central"] is not None:
            results = self._sheet("Results", 44)
            self._inputs()
            self._today_sheet()
            for option in self.case.options:
                if option.id in self.document["central"]["options"]:
                    self._option(option)
            self._results(results)
        self._probabilities()

    def _read_me(self) -> None:
        page = self._sheet("Read me", 110)
        lines = [self.case.summary or "", (f"For: {self.document['audience']}. Made by Interlocal "
                 f"{self.document['interlocal']} from {self.document['draws']:,} futures, seed {self.document['seed']}.")]  # fmt: skip
        if self.case.fictional:
            lines.insert(0, "The places in this case are made up.")
        told = _ABOUT if self.document["central"] is not None else (
            "The yearly figures are for the partners; this workbook, made for the public, quotes the results.",
        )  # fmt: skip
        page.sheet.write_string(0, 0, self.case.title, self.style["title"])
        for row, text in enumerate([*filter(None, lines), *told], start=2):
            page.sheet.write_string(row, 0, text, self.style["text"])

    def _probabilities(self) -> None:
        page = self._sheet("Probabilities")
        sheet = page.sheet
        sheet.write_string(
            0, 0, "From the simulation; these do not follow the inputs of this workbook", self.style["title"]
        )
        heads = ("saves money", "mean saving", "1 in 10 below", "middle", "1 in 10 above")
        sheet.write_string(2, 0, "present value over the horizon, pooled view", self.style["head"])
        for j, head in enumerate(heads, start=1):
            sheet.write_string(2, j, head, self.style["head"])
        sheet.freeze_panes(3, 1)
        row = 3
        for answer in self.document["questions"]["money"]["options"].values():
            pool = answer["pool"]
            if pool is None:
                sheet.write_string(row, 0, f"{answer['name']}: we do not know", self.style["label"])
                row += 1
                continue
            named = {"all together": pool["total"]} | {
                self.case.partner(p).name: n for p, n in pool["partners"].items() if n is not None
            }
            for who, n in named.items():
                sheet.write_string(row, 0, f"{answer['name']}: {who}", self.style["label"])
                if n["p_saves"] is not None:
                    sheet.write_number(row, 1, n["p_saves"], self.style["percent"])
                    for j, key in enumerate(("mean", "p10", "p50", "p90"), start=2):
                        sheet.write_number(row, j, n["npv"][key], self.style["number"])
                row += 1

    def _results(self, page: Page) -> None:
        sheet, stored = page.sheet, self.document["central"]
        sheet.write_string(
            0, 0, "Present value of the saving over the horizon, on the middle path", self.style["title"]
        )
        for j, head in enumerate(("", "now", "in the study", "difference")):
            sheet.write_string(2, j, head, self.style["head"])
        sheet.freeze_panes(3, 1)
        page.row = 3
        discount = np.array(stored["discount"])
        for o, kept in stored["options"].items():
            found = {p: float(np.array(v["saving"]) @ discount) for p, v in kept["partners"].items()}
            for p, value in found.items():
                sheet.write_string(page.row, 0, f"{self.case.option(o).name}: {self.case.partner(p).name}")
                now = page.cell(1, self.npv[o, p], self.style["number"])
                self._difference(page, now, value, "number")
            sheet.write_string(page.row, 0, f"{self.case.option(o).name}: all together", self.style["bold"])
            now = page.cell(1, total([self.npv[o, p] for p in found]), self.style["total"])
            self._difference(page, now, sum(found.values()), "total")

    def _difference(self, page: Page, now: Live, stored: float, style: str) -> None:
        kept = page.cell(2, stored, self.style[style])
        rounded = Live(f"ROUND({now.text}-{kept.text},2)", round(now.value - kept.value, 2))
        page.cell(3, rounded, self.style[style])
        page.row += 1
