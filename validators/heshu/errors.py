"""Errors about what people hand us: data files, manifests, rulebooks, options.

They are not findings. A finding says that figures cannot hold together; an error here says that we could
not read or could not judge, and where to mend it.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """A position in a file that a person can open: ``path:line:column`` (1-based; 0 = unknown).

    In a worksheet, line and column are those of the cell: ``path:Sheet1!C7``.
    """

    path: str = ""
    line: int = 0
    column: int = 0
    sheet: str = ""

    @property
    def cell(self) -> str:
        """The cell of a worksheet as spreadsheets name it (ECMA-376, A1 notation), "" elsewhere."""
        if not self.sheet:
            return ""
        letters, number = "", self.column
        while number:
            number, rest = divmod(number - 1, 26)
            letters = chr(ord("A") + rest) + letters
        return f"{self.sheet}!{letters}{self.line or ''}"

    def __str__(self) -> str:
        parts = [self.path or "<input>"]
        if self.sheet:
            parts.append(self.cell)
        elif self.line:
            parts.append(str(self.line))
            if self.column:
                parts.append(str(self.column))
        return ":".join(parts)


class HeshuError(Exception):
    """Base of every error that heshu raises on purpose."""


class Unreadable(HeshuError, ValueError):
    """A text that is not what its place asks for: a number, a unit, a period, a comparison.

    ``what`` is the kind of thing expected, ``text`` the text as printed. ``hint`` is the catalogue key (less
    its ``hint.``) of what to do, "" if nobody knows; ``fields`` fill its sentence.
    """

    def __init__(self, what: str, text: str, hint: str = "", **fields: object) -> None:
        self.what, self.text, self.hint, self.fields = what, text, hint, fields
        known = " ".join([hint, *(f"{name}={value}" for name, value in fields.items())])
        super().__init__(f"not a {what}: {text!r}" + (f" ({known})" if hint else ""))


class Misdeclared(HeshuError, ValueError):
    """A declaration that cannot be: a catalogue key (less its ``value.``), the keys below its own part, fields.

    Validators of documents raise it; who reads the document makes an :class:`InputError` of it.
    """

    def __init__(self, key: str, at: tuple[str | int, ...] = (), /, **fields: object) -> None:
        self.key, self.at, self.fields = key, at, fields
        super().__init__(f"{key} {fields}")


class InputError(HeshuError):
    """One thing wrong with an input: catalogue key, place, fields for the message.

    The command line prints it in the reader's language and exits with 2.
    """

    def __init__(self, key: str, place: Place | None = None, /, **fields: object) -> None:
        self.key, self.place, self.fields = key, place or Place(), fields
        super().__init__(f"{self.place}: {key} {fields}")


class InputErrors(HeshuError):
    """Several input errors found in one pass, in file order."""

    def __init__(self, errors: list[InputError]) -> None:
        self.errors = errors
        super().__init__("\n".join(str(error) for error in errors))
