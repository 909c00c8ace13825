"""The bytes of one file as UTF-8 chunks and lines, whatever they are packed in. No Spark here."""

from __future__ import annotations

import codecs
import zlib
from collections.abc import Iterable, Iterator
from itertools import chain

from .shape import GZIP, UTF16_MARKS

CHUNK_BYTES = 1024 * 1024
#: How far the end of one line or JSON value is looked for. What is larger than a record may be, but
#: ends before this, is set aside alone; beyond it the file as a whole is refused.
HELD_LIMIT = 128 * 1024 * 1024
_GZIP_WINDOW = 31


class Damaged(Exception):
    """The file ends or breaks before its end; ``tail`` is what was read and is no whole line."""

    def __init__(self, reason: str, tail: bytes = b""):
        super().__init__(reason)
        self.tail = tail


class TooLarge(Exception):
    """A line or value of more than ``limit`` bytes or characters: too much to hold."""

    def __init__(self, limit: int):
        super().__init__(f"more than {limit} bytes without the end of a record")
        self.limit = limit


def utf8_chunks(content: bytes | Iterable[bytes]) -> Iterator[bytes]:
    """Decompressed (by magic bytes, not by name), without a byte-order mark, UTF-16 as UTF-8.

    The content may come in pieces; no more than a few of them are held.
    """
    pieces = _sliced(memoryview(content)) if isinstance(content, bytes) else iter(content)
    first = b""
    for piece in pieces:
        first += piece
        if len(first) >= len(GZIP):
            break
    pieces = chain([first], pieces)
    return _transcoded(_gunzipped(pieces) if first.startswith(GZIP) else pieces)


def lines(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Lines with their ending. Raises Damaged, with the line that it broke off as the tail."""
    begun: list[bytes] = []
    held = 0
    try:
        for chunk in chunks:
            *ended, rest = chunk.split(b"\n")
            for line in ended:
                begun.append(line)
                yield b"".join(begun) + b"\n"
                begun, held = [], 0
            if rest:
                begun.append(rest)
                held += len(rest)
                if held > HELD_LIMIT:
                    raise TooLarge(HELD_LIMIT)
    except Damaged as damage:
        raise Damaged(str(damage), b"".join(begun) + damage.tail) from None
    if begun:
        yield b"".join(begun)


def _sliced(view: memoryview) -> Iterator[bytes]:
    for at in range(0, len(view), CHUNK_BYTES):
        yield bytes(view[at : at + CHUNK_BYTES])


def _gunzipped(pieces: Iterable[bytes]) -> Iterator[bytes]:
    member, done = zlib.decompressobj(_GZIP_WINDOW), 0
    for piece in pieces:
        while piece:
            if member.eof:
                if not piece.strip(b"\0"):  # padding to a block's end is no data
                    break
                member = zlib.decompressobj(_GZIP_WINDOW)
            try:
                out = member.decompress(piece, CHUNK_BYTES)
            except zlib.error as error:
                raise Damaged(f"gzip is damaged after {done} decompressed bytes: {error}") from None
            done += len(out)
            if out:
                yield out
            piece = member.unused_data if member.eof else member.unconsumed_tail
    while not member.eof:
        out = member.decompress(b"", CHUNK_BYTES)  # output that the limit above held back
        if not out:
            break
        done += len(out)
        yield out
    if not member.eof:
        raise Damaged(f"gzip ends too early, after {done} decompressed bytes")


def _transcoded(chunks: Iterable[bytes]) -> Iterator[bytes]:
    chunks = iter(chunks)
    first = next(chunks, b"")
    encoding = UTF16_MARKS.get(first[:2])
    if encoding is None:
        yield first[3:] if first.startswith(codecs.BOM_UTF8) else first
        yield from chunks
        return
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        yield decoder.decode(first[2:]).encode("utf-8")
        for chunk in chunks:
            yield decoder.decode(chunk).encode("utf-8")
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        raise Damaged(f"{encoding} text is damaged: {error.reason}") from None
