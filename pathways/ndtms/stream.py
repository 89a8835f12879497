"""The bytes of a file, watched while they are read: kind, encoding, NUL, endless lines."""

import io
from typing import IO, Any

from pathways.ndtms.refusals import FileRefused

LONGEST_LINE = 1_000_000  # bytes
BLOCK = 1 << 18

_MAGIC = (
    (b"PK\x03\x04", "a spreadsheet (.xlsx) or a zip archive"),
    (b"\xd0\xcf\x11\xe0", "an Excel workbook (.xls)"),
    (b"%PDF", "a PDF document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"SQLite format 3", "a database"),
    (b"<!doctype", "a web page"),
    (b"<html", "a web page"),
    (b"<?xml", "an XML document"),
    (b"{\\rtf", "a word-processor document"),
)
_SAVE_AS = "Open it where it was made, save it as “CSV UTF-8” and send that file."


class Watched(io.RawIOBase):
    """A binary stream that refuses what no return holds and counts what has been read."""

    def __init__(self, raw: IO[bytes]) -> None:
        self._raw = raw
        self.bytes_read = 0
        self._since_line = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        block = self._raw.read(len(buffer))
        if not block:
            return 0
        if self.bytes_read == 0:
            _refuse_other_kinds(block)
        if b"\0" in block:
            raise FileRefused(
                "F05",
                "The file holds a NUL byte, which no text has: the export was damaged."
                " Export the return again and send the new file.",
            )
        self._watch_lines(block)
        self.bytes_read += len(block)
        buffer[: len(block)] = block
        return len(block)

    def _watch_lines(self, block: bytes) -> None:
        end = max(block.rfind(b"\n"), block.rfind(b"\r"))
        self._since_line = len(block) - end - 1 if end >= 0 else self._since_line + len(block)
        if self._since_line > LONGEST_LINE:
            raise FileRefused(
                "F11",
                f"A line of the file is longer than {LONGEST_LINE:,} characters, which no row of a"
                " return is. Export the return again, one row a line.",
            )


def opened(raw: IO[bytes]) -> tuple[Watched, io.TextIOWrapper]:
    """The stream watched, and its text: UTF-8, with or without a byte order mark."""
    watched = Watched(raw)
    return watched, io.TextIOWrapper(_InBlocks(watched, BLOCK), encoding="utf-8-sig", newline="")


class _InBlocks(io.BufferedReader):
    """Gives a whole block where less was asked for: text is decoded in few steps."""

    def read1(self, size: int = -1, /) -> bytes:
        return super().read1(max(size, BLOCK))


def wrong_encoding(error: UnicodeDecodeError, *, line: int) -> FileRefused:
    """The sentence for bytes that are not UTF-8."""
    likely = _likely_encoding(error.object[error.start : error.start + 4])
    return FileRefused(
        "F04",
        f"The text at or after line {line} is not in UTF-8{likely}."
        " Save the file again as “CSV UTF-8” and send that file.",
        row=line,
    )


def _likely_encoding(found: bytes) -> str:
    try:
        found[:1].decode("cp1252")
    except UnicodeDecodeError:
        return ""
    return "; it looks like a Windows code page (cp1252)"


def _refuse_other_kinds(start: bytes) -> None:
    for magic, kind in _MAGIC:
        if start[:16].lstrip(b"\xef\xbb\xbf \r\n\t").lower().startswith(magic.lower()):
            raise FileRefused("F03", f"The file is {kind}, not a CSV file. {_SAVE_AS}")
    if start.startswith((b"\xff\xfe", b"\xfe\xff")) or _has_every_second_nul(start[:64]):
        raise FileRefused(
            "F04",
            "The text of the file is in UTF-16 (“Unicode text”), not in UTF-8."
            " Save the file again as “CSV UTF-8” and send that file.",
        )


def _has_every_second_nul(start: bytes) -> bool:
    pairs = len(start) // 2
    return pairs > 1 and (start[::2].count(0) >= pairs or start[1::2].count(0) >= pairs)
