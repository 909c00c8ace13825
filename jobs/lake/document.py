"""JSON values one after another, without holding more of a file than one of them. No Spark here."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterable, Iterator

from .content import HELD_LIMIT, Damaged, TooLarge

_BLANK = re.compile("[ \t\r\n\ufeff]*")
_DECODER = json.JSONDecoder(strict=False, parse_int=str, parse_float=str)
#: A parser that meets the end of the text says so this near to it, but for an unclosed string.
_NEAR = 16


class Broken(Exception):
    """From here on the text is no JSON; ``rest`` is its beginning."""

    def __init__(self, reason: str, rest: bytes):
        super().__init__(reason)
        self.rest = rest


def values(chunks: Iterable[bytes], shown: int) -> Iterator[str]:
    """The text of each value as it stands there; an array's elements are values of their own.

    Bytes that are no UTF-8 come as surrogates. Raises Broken, with ``shown`` characters of the
    rest, and TooLarge.
    """
    text = _Text(chunks)
    try:
        while text.next():
            if not text.take("["):
                yield text.value()
                continue
            text.next()
            while not text.take("]"):
                yield text.value()
                text.next()
                if text.take(","):
                    text.next()
                elif not text.is_at("]"):
                    raise ValueError("expected ',' or ']'")
    except (ValueError, RecursionError) as error:
        message = getattr(error, "msg", str(error))
        where = f"JSON breaks off at character {text.position + 1}: {message}"
        rest, unread = text.rest(shown + 1)
        reason = str(text.damage) if text.damage else where
        raise Broken(f"{reason}; {unread} characters of the file follow unread", rest) from None
    if text.damage:
        raise Broken(str(text.damage), text.damage.tail)


class _Text:
    """A place in a text of which only what follows is held, as far as it was looked at."""

    def __init__(self, chunks: Iterable[bytes]):
        self._chunks = iter(chunks)
        self._decode = codecs.getincrementaldecoder("utf-8")("surrogateescape").decode
        self._held, self._at, self._passed = "", 0, 0
        self._ended = False
        self.damage: Damaged | None = None

    @property
    def position(self) -> int:
        return self._passed + self._at

    def next(self) -> bool:
        """Steps over blanks; whether anything follows."""
        while True:
            self._at = _BLANK.match(self._held, self._at).end()
            if self._at < len(self._held):
                return True
            if not self._more():
                return False

    def is_at(self, mark: str) -> bool:
        return self._held.startswith(mark, self._at)

    def take(self, mark: str) -> bool:
        found = self.is_at(mark)
        self._at += len(mark) if found else 0
        return found

    def value(self) -> str:
        while True:
            try:
                _, end = _DECODER.raw_decode(self._held, self._at)
            except json.JSONDecodeError as error:
                is_cut = error.pos >= len(self._held) - _NEAR or "Unterminated" in error.msg
                if is_cut and self._more():
                    continue
                raise
            # A number may go on: 1 may become 10 or 1.5e-7.
            is_closed = self._held[end - 1] in '}]"'
            if not is_closed and end >= len(self._held) - _NEAR and self._more():
                continue
            text = self._held[self._at : end]
            self._at = end
            return text

    def rest(self, length: int) -> tuple[bytes, int]:
        """The beginning of what follows, and how many characters follow in all."""
        while len(self._held) - self._at < length and self._more():
            pass
        begun = self._held[self._at : self._at + length]
        unread = len(self._held) - self._at
        self._held, self._at = "", 0
        while self._more():
            unread += len(self._held)
            self._held = ""
        return begun.encode("utf-8", "surrogateescape"), unread

    def _more(self) -> bool:
        """Reads on, until twice as much is held: what is looked at anew each time stays a share."""
        held = [self._held[self._at :]]
        size = known = len(held[0])
        if known >= HELD_LIMIT and not self._ended:
            raise TooLarge(HELD_LIMIT)
        while not self._ended and size < min(2 * known + 1, HELD_LIMIT):
            try:
                piece = self._decode(next(self._chunks))
            except StopIteration:
                piece, self._ended = self._decode(b"", True), True
            except Damaged as damage:
                piece, self._ended = self._decode(b"", True), True
                self.damage = damage
            held.append(piece)
            size += len(piece)
        if size > known:
            self._passed += self._at
            self._held, self._at = "".join(held), 0
        return size > known
