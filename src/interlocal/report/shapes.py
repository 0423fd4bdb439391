"""A sentence said again in another language by its shape: what never changes in it, around what does.

The rooms below make sentences of figures and names, such as ``3 of 4 partners have a named sponsor.`` Its shape is
``{0} of {1} have a named sponsor.``; a catalogue holds shapes. A sentence is matched with the shapes, the most telling
first, each value is said in the same way, and the values are set into the translated shape. So neither the study nor
the rooms that make it know that there are languages, and a study of any year can be read in each of them.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

_AND = "{most} and {last}"
_HARD = "\N{NO-BREAK SPACE}"
_COVER = 0xE000
"""The first character of the area that no language uses."""
_TELLING = 10
"""Letters that tell a sentence; with less, such as ``{0} of {1}``, every value has to be known."""
_PLACE = re.compile(r"\{(\w+)\}")
_INSIDE = re.compile(r"[.!?] (?=[A-ZÁÉÍÓÚ“\d])")
_SENTENCES = re.compile(r"((?<=[.!?…”)]) (?=[^a-z]))")
_PARTS = re.compile(r"(; | · |: |, )")
_COUNT = re.compile(
    r"([\d.,]+|[●◐◑▲○–]|a|an|no|one|two|three|four|five|six|seven|eight|nine|ten) (.+)", re.DOTALL
)
_BRACKETS = re.compile(r"(.+) \((.+)\)", re.DOTALL)
_LIST = re.compile(r"(.+?) and (.+)", re.DOTALL)


@dataclass(frozen=True)
class _Shape:
    letters: int
    """How many never change."""
    pieces: tuple[str, ...]
    """What never changes, in order; a text without it need not be looked at closely."""
    ends: int
    """How many sentences end inside it."""
    strict: re.Pattern[str]
    """Matches where no value holds the end of a sentence."""
    loose: re.Pattern[str]
    translated: str


class Shapes:
    """The texts of a catalogue, ready to find a sentence by its shape."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self.listed = texts.get(_AND, _AND)
        self.whole = {k: v for k, v in texts.items() if not _PLACE.search(k)}
        made = [
            k for k in texts if k != _AND and _PLACE.search(k) and any(map(str.isalpha, _PLACE.sub("", k)))
        ]
        made.sort(key=lambda k: (-len(_PLACE.sub("", k)), k))
        shapes = [_shape(k, texts[k]) for k in made]
        self.strong = [s for s in shapes if s.letters >= _TELLING]
        self.weak = [s for s in shapes if s.letters < _TELLING]


class Speaker:
    """Says texts in the language of a catalogue; what people wrote themselves stays as they wrote it."""

    def __init__(self, shapes: Shapes, own: Collection[str] = ()) -> None:
        self._shapes = shapes
        self._own = own
        self._phrases = sorted((w for w in own if " " in w and w not in shapes.whole), key=len, reverse=True)
        self._known: dict[str, str | None] = {}

    def say(self, text: str) -> str:
        """Return a text in the other language; what the catalogue lacks stays as it is."""
        # Somebody's own words are covered while the rest is looked at: no rule for a sentence may reach into them.
        hidden = [w for w in self._phrases if w in text]
        covered = dict(zip(map(chr, range(_COVER, _COVER + len(hidden))), hidden, strict=True))
        for cover, words in covered.items():
            text = text.replace(words, cover)
        said = self._said(text)
        for cover, words in covered.items():
            said = said.replace(cover, words)
        return said

    def _said(self, text: str) -> str:
        """Return a text as far as the catalogue goes: whole, or else its sentences, or else what its shape is around."""
        found = self._find(text)
        if found is not None:
            return found
        parts = _SENTENCES.split(text)
        if len(parts) > 1:
            return "".join(map(self._said, parts))
        for loose in (False, True):
            for shape, match in _matches(self._shapes.strong, text, loose=loose):
                return _set(shape, text, {k: self._said(v) for k, v in match.groupdict().items()})
        return text

    def _find(self, text: str) -> str | None:
        """Return what a text is in the other language; None where the catalogue does not say all of it."""
        if text not in self._known:
            self._known[text] = self._look(text)
        return self._known[text]

    def _look(self, text: str) -> str | None:
        if not any(map(str.isalpha, text)) or (text in self._own and text not in self._shapes.whole):
            return text
        bare = text.strip()
        if bare != text:
            found = self._find(bare)
            return None if found is None else text.replace(bare, found, 1)
        if _HARD in text and " " not in text:
            found = self._find(text.replace(_HARD, " "))
            return None if found is None else found.replace(" ", _HARD)
        return (
            self._exact(text)
            or self._shaped(text)
            or self._joined(_SENTENCES.split(text))
            or self._ended(text)
            or self._bracketed(text)
            or self._counted(text)
            or self._joined(_PARTS.split(text))
            or self._listed(text)
        )

    def _exact(self, text: str) -> str | None:
        whole, other = self._shapes.whole, _other_case(text)
        return whole.get(text) or (_as(text, whole[other]) if other in whole else None)

    def _shaped(self, text: str) -> str | None:
        for shape, match in _matches((*self._shapes.strong, *self._shapes.weak), text):
            values = self._items(tuple(match.groupdict().values()))
            if values:
                return _set(shape, text, dict(zip(match.groupdict(), values, strict=True)))
        return None

    def _ended(self, text: str) -> str | None:
        """Return a text that is known but for the point at its end."""
        if text.endswith("."):
            found = self._find(text[:-1])
            return None if found is None else f"{found}."
        ended = self._exact(text + ".") or self._shaped(text + ".")
        return ended.rstrip(".") if ended else None

    def _bracketed(self, text: str) -> str | None:
        match = _BRACKETS.fullmatch(text)
        said = match and self._items(match.groups())
        return f"{said[0]} ({said[1]})" if said else None

    def _counted(self, text: str) -> str | None:
        match = _COUNT.fullmatch(text)
        said = match and self._items(match.groups())
        return " ".join(said) if said else None

    def _joined(self, parts: Sequence[str]) -> str | None:
        said = self._items(parts) if len(parts) > 1 else None
        return "".join(said) if said else None

    def _listed(self, text: str) -> str | None:
        match = _LIST.fullmatch(text)
        said = match and self._items((*match[1].split(", "), match[2]))
        return self._shapes.listed.format(most=", ".join(said[:-1]), last=said[-1]) if said else None

    def _items(self, texts: Sequence[str]) -> list[str] | None:
        """Return what each of some texts is in the other language, a name as it is; None where any is neither."""
        said = []
        for text in texts:
            found = self._find(text) or (text if _name(text) else None)
            if found is None:
                return None
            said.append(found)
        return said


def _matches(
    shapes: Iterable[_Shape], text: str, *, loose: bool = False
) -> Iterator[tuple[_Shape, re.Match[str]]]:
    ends = len(_INSIDE.findall(text))
    for shape in shapes:
        if (loose or shape.ends == ends) and _in_order(shape.pieces, text):
            match = (shape.loose if loose else shape.strict).fullmatch(text)
            if match:
                yield shape, match


def _set(shape: _Shape, text: str, values: Mapping[str, str]) -> str:
    return _as(text, _PLACE.sub(lambda m: values[f"v{m[1]}"], shape.translated))


def _shape(text: str, translated: str) -> _Shape:
    pieces = _PLACE.split(text)
    return _Shape(
        sum(map(str.isalpha, "".join(pieces[::2]))),
        # Its first letter may be large or small, so it is not looked for.
        (pieces[0][1:], *pieces[2::2]),
        len(_INSIDE.findall(_PLACE.sub("A", text))),
        _pattern(pieces, rf"(?:(?!{_INSIDE.pattern}).)+?"),
        _pattern(pieces, ".+?"),
        translated,
    )


def _pattern(pieces: Iterable[str], value: str) -> re.Pattern[str]:
    """Return the pattern of a shape: text and names of values in turn; a first letter may be large or small."""
    found, seen = "", set()
    for i, piece in enumerate(pieces):
        if i % 2:
            found += f"(?P=v{piece})" if piece in seen else f"(?P<v{piece}>{value})"
            seen.add(piece)
        elif i == 0 and piece[:1].isalpha():
            found += f"[{piece[0].upper()}{piece[0].lower()}]{re.escape(piece[1:])}"
        else:
            found += re.escape(piece)
    return re.compile(found, re.DOTALL)


def _in_order(pieces: Iterable[str], text: str) -> bool:
    place = 0
    for piece in pieces:
        place = text.find(piece, place)
        if place < 0:
            return False
        place += len(piece)
    return True


def _name(text: str) -> bool:
    return all(not word[:1].islower() for word in text.split())


def _other_case(text: str) -> str:
    return text[:1].swapcase() + text[1:]


def _as(model: str, text: str) -> str:
    """Return a text that begins with a large letter where the model does, and with a small one where it does not."""
    first = model[:1]
    if not first.isalpha():
        return text
    return (text[:1].upper() if first.isupper() else text[:1].lower()) + text[1:]
