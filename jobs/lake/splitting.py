"""One file's bytes → its records. No Spark here: this runs inside the workers.

A record is a Piece: either ``text``, the record as JSON text, or ``problem``, why it is none.
``raw`` is what stood in the file, and None where that is the text itself.
"""

from __future__ import annotations

import csv
import json
from collections import deque
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from .columns import fold, none_of
from .content import Damaged, lines, utf8_chunks
from .document import Broken, values
from .shape import LINES, begins_json, json_shape

#: Bytes of one record: Spark's JSON parser refuses strings of 20 MB, and copies a text many times.
RECORD_LIMIT = 16 * 1024 * 1024
#: What one quarantined record shows of itself, in characters: the file itself stays in raw/.
RAW_LIMIT = 1024 * 1024
#: An unclosed quote would swallow the rest of a file; a longer field is taken for one.
FIELD_LIMIT = 16 * 1024 * 1024
#: Unclosed quotes that are stepped over one by one; each costs a second look at what follows.
RESCUES = 100
#: What a reason shows of a header, in characters.
HEADER_SHOWN = 200

_HEAD_BYTES = 64 * 1024


class Piece(NamedTuple):
    text: str | None
    raw: str | None
    problem: str | None


def split_file(
    content: bytes | Iterable[bytes], format: str, columns: Iterable[str] = ()
) -> Iterator[Piece]:
    """All records of a JSON or CSV file, plain or gzip. Raises TooLarge, and
    nothing else on what the file holds.

    ``columns`` are those that the source is known to have; a CSV without any has no header.
    """
    chunks = utf8_chunks(content)
    for piece in split_csv(chunks, columns) if format == "csv" else split_json(chunks):
        yield piece if piece.text is None else _within_limit(piece)


def split_json(chunks: Iterable[bytes]) -> Iterator[Piece]:
    chunks, head, damage = iter(chunks), b"", None
    try:
        while len(head) < _HEAD_BYTES:
            head += next(chunks)
        complete = False
    except StopIteration:
        complete = True
    except Damaged as found:
        complete, damage = False, found
    rest = _resumed(head, damage, chunks)
    return _json_lines(rest) if json_shape(head, complete) == LINES else _json_document(rest)


def split_csv(chunks: Iterable[bytes], columns: Iterable[str] = ()) -> Iterator[Piece]:
    """CSV with a header → JSON objects of strings; an empty field is null.

    Each file's own header names its fields, so files of one batch may differ in order and columns.
    """
    csv.field_size_limit(FIELD_LIMIT)
    source, pending, consumed = lines(chunks), deque(), []

    def feed():
        while True:
            line = pending.popleft() if pending else next(source, None)
            if line is None:
                return
            consumed.append(line)
            yield line.decode("utf-8", "surrogateescape")

    header, header_fault, rescues = None, None, RESCUES
    reader = csv.reader(feed(), strict=True)
    while True:
        consumed.clear()
        try:
            fields = next(reader)
        except StopIteration:
            return
        except Damaged as damage:
            yield _problem(b"".join(consumed) + damage.tail, str(damage))
            return
        except csv.Error as error:
            if header is None:
                found = _header_fault(b"".join(consumed))
                header, header_fault = [], found or f"the header is broken CSV: {error}"
            if len(consumed) > 1 and rescues:
                rescues -= 1
                pending.extendleft(reversed(consumed[1:]))
                del consumed[1:]
            more = f" ({len(consumed)} lines)" if len(consumed) > 1 else ""
            yield _problem(b"".join(consumed), header_fault or f"broken CSV: {error}{more}")
            # The feed may have met the end of the file: what was put back needs a new one.
            reader = csv.reader(feed(), strict=True)
            continue
        raw = b"".join(consumed)
        if not raw.strip():
            continue
        if header is None:
            header = _header(fields)
            header_fault = _header_fault(raw) or _none_known(header, list(columns))
            # What is no header may be a record: it must stand somewhere.
            if header_fault:
                yield _problem(raw, header_fault)
            continue
        fault = header_fault or _row_fault(raw, fields, header)
        yield _problem(raw, fault) if fault else _csv_row(raw, fields, header)


def _json_lines(chunks: Iterable[bytes]) -> Iterator[Piece]:
    try:
        for line in lines(chunks):
            line = line.strip()
            if not line:
                continue
            try:
                yield Piece(line.decode("utf-8"), None, None)
            except UnicodeDecodeError as error:
                yield _problem(line, f"not UTF-8 at byte {error.start + 1}")
    except Damaged as damage:
        yield _problem(damage.tail, str(damage))


def _json_document(chunks: Iterable[bytes]) -> Iterator[Piece]:
    try:
        for record in values(chunks, RAW_LIMIT):
            if record.isascii() or not _surrogates_in(record):
                yield Piece(record, None, None)
            else:
                yield _problem(record.encode("utf-8", "surrogateescape"), "not UTF-8")
    except Broken as found:
        yield _problem(found.rest, str(found))


def _resumed(head: bytes, damage: Damaged | None, rest: Iterable[bytes]) -> Iterator[bytes]:
    yield head
    if damage:
        raise damage
    yield from rest


def _header(fields: list[str]) -> list[str]:
    names: list[str] = []
    for at, field in enumerate(fields, 1):
        name = base = field.strip() or f"column_{at}"
        again = 1
        while name in names:
            again += 1
            name = f"{base}_{again}"
        names.append(name)
    return names


def _header_fault(raw: bytes) -> str | None:
    if _surrogates(raw):
        return "the header is not UTF-8"
    return "expected a CSV header, found JSON" if begins_json(raw) else None


def _none_known(header: list[str], columns: list[str]) -> str | None:
    if not columns or {fold(name) for name in header} & {fold(name) for name in columns}:
        return None
    return none_of(columns) + ", ".join(header)[:HEADER_SHOWN]


def _row_fault(raw: bytes, fields: list[str], header: list[str]) -> str | None:
    if len(fields) != len(header):
        return f"{len(fields)} fields where the header has {len(header)}"
    return "not UTF-8" if _surrogates(raw) else None


def _csv_row(raw: bytes, fields: list[str], header: list[str]) -> Piece:
    row = {name: field or None for name, field in zip(header, fields)}
    return Piece(json.dumps(row, ensure_ascii=False), raw.decode("utf-8").rstrip("\r\n"), None)


def _within_limit(piece: Piece) -> Piece:
    if len(piece.text) * 4 <= RECORD_LIMIT:
        return piece
    octets = len(piece.text.encode("utf-8", "surrogatepass"))
    if octets <= RECORD_LIMIT:
        return piece
    return Piece(None, (piece.raw or piece.text)[:RAW_LIMIT], too_long(octets))


def too_long(octets: int | str) -> str:
    return (
        f"a record of {octets} bytes, above the limit of {RECORD_LIMIT} "
        f"(raw_text holds its first {RAW_LIMIT} characters)"
    )


def _problem(raw: bytes, reason: str) -> Piece:
    text = raw.decode("utf-8", "replace").rstrip("\r\n")
    if len(text) > RAW_LIMIT:
        reason += f" (raw_text holds its first {RAW_LIMIT} characters)"
    return Piece(None, text[:RAW_LIMIT], reason)


def _surrogates(raw: bytes) -> bool:
    if raw.isascii():
        return False
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return True
    return False


def _surrogates_in(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return True
    return False
