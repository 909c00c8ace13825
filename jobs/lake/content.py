"""The bytes of one file as UTF-8 chunks and lines, whatever they are packed in. No Spark here."""

from __future__ import annotations

import codecs
import zlib
from collections.abc import Iterable, Iterator

from .shape import GZIP, UTF16_MARKS

CHUNK_BYTES = 1024 * 1024
_GZIP_WINDOW = 31


class Damaged(Exception):
    """The file ends or breaks before its end; ``tail`` is what was read and is no whole line."""

    def __init__(self, reason: str, tail: bytes = b""):
        super().__init__(reason)
        self.tail = tail


def utf8_chunks(content: bytes) -> Iterator[bytes]:
    """Decompressed (by magic bytes, not by name), without a byte-order mark, UTF-16 as UTF-8."""
    view = memoryview(content)
    packed = bytes(view[:2]) == GZIP
    return _transcoded(_gunzipped(view) if packed else _sliced(view))


def lines(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Lines with their ending. Raises Damaged, with the line that it broke off as the tail."""
    begun: list[bytes] = []
    try:
        for chunk in chunks:
            *ended, rest = chunk.split(b"\n")
            for line in ended:
                begun.append(line)
                yield b"".join(begun) + b"\n"
                begun = []
            if rest:
                begun.append(rest)
    except Damaged as damage:
        raise Damaged(str(damage), b"".join(begun) + damage.tail) from None
    if begun:
        yield b"".join(begun)


def _sliced(view: memoryview) -> Iterator[bytes]:
    for at in range(0, len(view), CHUNK_BYTES):
        yield bytes(view[at : at + CHUNK_BYTES])


def _gunzipped(view: memoryview) -> Iterator[bytes]:
    member, done = zlib.decompressobj(_GZIP_WINDOW), 0
    for piece in _sliced(view):
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
