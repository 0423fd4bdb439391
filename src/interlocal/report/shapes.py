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
_SIDE_BY_SIDE = re.compile(r"(?:\{\w+\}){2,}")
_INSIDE = re.compile(r"[.!?] (?=[A-ZÁÉÍÓÚ“\d])")
_SENTENCES = re.compile(r"((?<=[.!?…”)]) (?=[^a-z]))")
_LABEL = re.compile(r"(.+?)(; | · |: )(.+)", re.DOTALL)
_PARTS = re.compile(r"(; | · |: |, )")
_COUNT = re.compile(
    r"([\d.,]+|[●◐◑▲○–]|a|an|no|one|two|three|four|five|six|seven|eight|nine|ten) (.+)", re.DOTALL
)
_BRACKETS = re.compile(r"(.+) \((.+)\)", re.DOTALL)
_QUOTED = re.compile(r"“([^“”]+)”")
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
        self.texts = dict(texts)
        self.listed = texts.get(_AND, _AND)
        self.whole = {k: v for k, v in texts.items() if not _PLACE.search(k)}
        texts = dict(_joined_places(k, v) for k, v in texts.items())
        made = [
            k for k in texts if k != _AND and _PLACE.search(k) and any(map(str.isalpha, _PLACE.sub("", k)))
        ]
        made.sort(key=lambda k: (-len(_PLACE.sub("", k)), k))
        shapes = [_shape(k, texts[k]) for k in made]
        self.strong = [s for s in shapes if s.letters >= _TELLING]
        self.weak = [s for s in shapes if s.letters < _TELLING]
        # An amount was said already where it was made; its size is the one small word that a name has in it.
        self.sizes = {w for k, v in texts.items() if k.endswith(("million", "billion")) for w in v.split()}


class Speaker:
    """Says texts in the language of a catalogue; what people wrote themselves stays as they wrote it."""

    def __init__(self, shapes: Shapes, own: Collection[str] = ()) -> None:
        self._shapes = shapes
        # A word in small letters may be a key of a case, such as ``shared``; several may be a name that Interlocal offered.
        self._own = frozenset(w for w in own if w not in shapes.whole or not (w.islower() or " " in w))
        self._phrases = sorted((w for w in self._own if " " in w), key=len, reverse=True)
        self._known: dict[str, str | None] = {}
        self._told: set[str] = set()

    def say(self, text: str) -> str:
        """Return a text in the other language; what the catalogue lacks stays as it is."""
        if text in self._shapes.texts and text not in self._own:
            return self._shapes.texts[text]
        # Somebody's own words are covered while the rest is looked at: no rule for a sentence may reach into them.
        hidden = [w for w in self._phrases if w in text]
        covered = dict(zip(map(chr, range(_COVER, _COVER + len(hidden))), hidden, strict=True))
        for cover, words in covered.items():
            text = text.replace(words, cover)
        said = self._said(text)
        for cover, words in covered.items():
            said = said.replace(cover, words)
        if said != text:
            self._told.add(said)
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
        label = _LABEL.fullmatch(text)
        return f"{self._said(label[1])}{label[2]}{self._said(label[3])}" if label else text

    def _find(self, text: str) -> str | None:
        """Return what a text is in the other language; None where the catalogue does not say all of it."""
        if text not in self._known:
            self._known[text] = text if text in self._told else self._look(text)
        return self._known[text]

    def _look(self, text: str) -> str | None:
        if not any(map(str.isalpha, text)) or text in self._own:
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
            or self._quoted(text)
            or self._counted(text)
            or self._parted(text)
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
        """Return a text that is known but for the point or the colon at its end."""
        if text.endswith((".", ":")):
            found = self._find(text[:-1])
            return None if found is None else found + text[-1]
        return self._without_end(text)

    def _without_end(self, text: str) -> str | None:
        ended = self._exact(text + ".") or self._shaped(text + ".")
        return ended.rstrip(".") if ended else None

    def _bracketed(self, text: str) -> str | None:
        match = _BRACKETS.fullmatch(text)
        said = match and self._items(match.groups())
        return f"{said[0]} ({said[1]})" if said else None

    def _quoted(self, text: str) -> str | None:
        match = _QUOTED.fullmatch(text)
        said = match and self._items(match.groups())
        return f"“{said[0]}”" if said else None

    def _counted(self, text: str) -> str | None:
        match = _COUNT.fullmatch(text)
        said = match and self._items(match.groups())
        return " ".join(said) if said else None

    def _joined(self, parts: Sequence[str]) -> str | None:
        said = self._items(parts) if len(parts) > 1 else None
        return "".join(said) if said else None

    def _parted(self, text: str) -> str | None:
        """Return parts such as ``a; b``; a part may be known with what stands before it, as ``, not rated`` is."""
        first, *rest = _PARTS.split(text)
        said = self._items([first]) if rest else None
        for joint, part in zip(rest[::2], rest[1::2], strict=True):
            after = self._items([part])
            tail = (
                after[0]
                if after
                else self._exact(joint + part)
                or self._shaped(joint + part)
                or self._without_end(joint + part)
            )
            if said is None or tail is None:
                return None
            said += [joint, tail] if after else [tail]
        return "".join(said) if said else None

    def _listed(self, text: str) -> str | None:
        match = _LIST.fullmatch(text)
        said = match and self._items((*match[1].split(", "), match[2]))
        return self._shapes.listed.format(most=", ".join(said[:-1]), last=said[-1]) if said else None

    def _items(self, texts: Sequence[str]) -> list[str] | None:
        """Return what each of some texts is in the other language, a name as it is; None where any is neither."""
        said = []
        for text in texts:
            found = self._find(text) or (text if _name(text, self._shapes.sizes) else None)
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


def _joined_places(text: str, translated: str) -> tuple[str, str]:
    """Make one value of values that stand side by side: nothing tells where one ends and the next begins."""
    for pair in _SIDE_BY_SIDE.findall(text):
        if pair in translated:
            text, translated = (t.replace(pair, pair[: pair.index("}") + 1]) for t in (text, translated))
    return text, translated


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
            # A value that hangs on a word, as in ``here{7}``, may be empty.
            named = f"(?P<v{piece}>(?:{value})?)" if found[-1:].isalpha() else f"(?P<v{piece}>{value})"
            found += f"(?P=v{piece})" if piece in seen else named
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


def _name(text: str, sizes: Collection[str]) -> bool:
    return all(not word[:1].islower() or word in sizes for word in text.split())


def _other_case(text: str) -> str:
    return text[:1].swapcase() + text[1:]


def _as(model: str, text: str) -> str:
    """Return a text that begins with a large letter where the model does, and with a small one where it does not."""
    first = model[:1]
    if not first.isalpha():
        return text
    return (text[:1].upper() if first.isupper() else text[:1].lower()) + text[1:]
