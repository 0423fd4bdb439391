"""Files that programs send: text as it is, anything else in Base64."""

from __future__ import annotations

import base64
import binascii

from ninja import Field, Schema

from interlocal.problems import InputError, Problem


class SentFile(Schema):
    """A file: text as it is, or anything else in Base64."""

    name: str = Field(max_length=200, description="With its ending, such as towns.csv.")
    content: str
    base64: bool = Field(
        default=False, description="Whether the content is in Base64, as a workbook has to be."
    )


def content_of(file: SentFile, where: str = "file") -> bytes:
    """Return what a file holds.

    Raises
    ------
    InputError
        Where it is said to be Base64 and is not.
    """
    if not file.base64:
        return file.content.encode()
    try:
        return base64.b64decode(file.content, validate=True)
    except (binascii.Error, ValueError):
        raise InputError(Problem(where, file.name, "text that is not Base64", "the file in Base64", "Leave base64 out where the content is the text of a file.")) from None  # fmt: skip
