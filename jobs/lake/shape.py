"""What a file is, from its first bytes: the name may lie, the content does not. No Spark here."""

from __future__ import annotations

import codecs
import json
import re

GZIP = b"\x1f\x8b"

#: Containers that neither JSON nor CSV text can begin with.
FOREIGN = {
    b"PK\x03\x04": "a zip archive",
    b"BZh": "bzip2",
    b"\x28\xb5\x2f\xfd": "Zstandard",
    b"\xfd7zXZ\x00": "xz",
    b"PAR1": "Parquet",
    b"Obj\x01": "Avro",
    b"ORC": "ORC",
}

UTF16_MARKS = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}

LINES, DOCUMENT = "lines", "document"

_BLANK = " \t\r\n\ufeff"
_LINES_TRIED = 50
#: ``[id],[name]`` is a header as some databases write it, ``[1, "x"]`` is none.
_JSON_BEGINS = re.compile(rb'\s*(?:\{|\[\s*(?:[\[\]{"0-9-]|$))')
_DECODER = json.JSONDecoder(strict=False, parse_int=str, parse_float=str)


def foreign_container(head: bytes) -> str | None:
    return next((name for magic, name in FOREIGN.items() if head.startswith(magic)), None)


def begins_json(line: bytes) -> bool:
    """Whether a line that should be a CSV header is JSON."""
    return _JSON_BEGINS.match(line) is not None


def json_shape(head: bytes, complete: bool) -> str:
    """LINES: one record a line. DOCUMENT: arrays, pretty-printed or concatenated objects.

    ``head`` is the beginning of the decompressed file, ``complete`` says that it is all of it. A
    first line that does not parse is no proof of a document: another line may stand on its own.
    """
    text = head.decode("utf-8", "replace").lstrip(_BLANK)
    if text.startswith("["):
        return DOCUMENT
    if not text.startswith("{"):
        return LINES
    lines = text.split("\n")
    whole = lines if complete or len(lines) == 1 else lines[:-1]
    if any(_is_object(line) for line in whole[:_LINES_TRIED]):
        return LINES
    try:
        _, end = _DECODER.raw_decode(text)
        return DOCUMENT if text[end:].lstrip(_BLANK)[:1] in ("", "{", "[") else LINES
    except (ValueError, RecursionError):
        indented = len(lines) > 1 and re.match(r"[ \t]|[}\r]", lines[1]) is not None
        return DOCUMENT if indented and not lines[0].rstrip().endswith("}") else LINES


def _is_object(line: str) -> bool:
    # An inner object of a pretty-printed document is indented; a record of its own is not.
    if not line.startswith("{"):
        return False
    try:
        json.loads(line, strict=False)
    except (ValueError, RecursionError):
        return False
    return True
