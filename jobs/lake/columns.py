"""Column names that Glue and Athena accept: lower case letters, digits, underscore, 1 to 255.

A name depends on the names beside it, never on their order: of several that become one, the name
that was already so keeps it (else the first by code point); each other one gets a suffix made of
its own original spelling, so that it is called the same in every batch.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata

from .layout import PARTITION_COLUMNS

MAX_LENGTH = 255

_SHOWN = 200


def normalise(name: str) -> str:
    """One name by itself: ``Größe (cm)`` → ``grosse_cm``."""
    folded = unicodedata.normalize("NFKD", name.replace("ß", "ss"))
    ascii_only = "".join(char for char in folded if not unicodedata.combining(char))
    words = re.sub(r"[^a-z0-9_]+", "_", ascii_only.strip().lower())
    # An edge underscore that stands for "(" or "%" says nothing; one that was written stays.
    if not name.startswith("_"):
        words = words.lstrip("_")
    if not name.endswith("_"):
        words = words.rstrip("_")
    return words[:MAX_LENGTH] or "column"


def glue_names(names: list[str], reserved: tuple = (), fixed: dict | None = None) -> dict:
    """Original name → accepted name, all different; a new one is none of ``reserved``.

    ``fixed`` are names that stand already; no other name gets one of theirs.
    """
    fixed = fixed or {}
    wanted: dict[str, list[str]] = {}
    for name in sorted(set(names) - set(fixed)):
        base = normalise(name)
        wanted.setdefault(f"data_{base}" if base in reserved else base, []).append(name)
    result, taken = dict(fixed), {*wanted, *fixed.values()}
    for base, group in sorted(wanted.items()):
        keeper = None
        if base not in fixed.values():
            keeper = base if base in group else group[0]
            result[keeper] = base
        for name in group:
            if name != keeper:
                result[name] = _suffixed(base, name, taken)
                taken.add(result[name])
    return result


def table_names(names: list[str]) -> dict[str, str]:
    """As glue_names, for a table's own columns: year, month and day are the partition's."""
    return glue_names(names, reserved=PARTITION_COLUMNS)


def fold(name: str) -> str:
    """What two spellings of one name have in common: ``Id`` and ``id ``."""
    return name.strip(" ").lower()


def none_of(columns: list[str]) -> str:
    """The beginning of the reason of a record that has none of them."""
    return f"expected one of the columns {', '.join(columns)[:_SHOWN]}, found "


def _suffixed(base: str, original: str, taken: set) -> str:
    digest = hashlib.sha256(original.encode("utf-8", "surrogatepass")).hexdigest()
    for length in range(6, len(digest) + 1):
        suffix = "_" + digest[:length]
        candidate = base[: MAX_LENGTH - len(suffix)] + suffix
        if candidate not in taken:
            return candidate
    raise AssertionError("two names with one SHA-256")  # pragma: no cover
