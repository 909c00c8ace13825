"""The one mechanism through which plugins change moto: named patches that can be left out.

A plugin module declares functions with `@patch(name, gap=…)`; the gap says what AWS does and moto
does not. `apply` runs those that are wanted. Tests start the server without a patch and see its
probe fail, which also tells the day on which moto closes the gap.
"""

from __future__ import annotations

import functools
import importlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

PLUGINS = (
    "iam",
    "s3",
    "sqs",
    "kms",
    "logs",
    "dynamodb",
    "budgets",
    "budgets_spend",
    "cloudwatch",
    "cloudwatch_alarms",
    "ec2",
    "lakeformation",
    "lambda_config",
    "lambda_run",
    "lambda_sqs",
    "lambda_concurrency",
    "events",
    "events_schedule",
    "s3_events",
    "stepfunctions_role",
    "stepfunctions_api",
    "stepfunctions_language",
    "stepfunctions_tasks",
    "stepfunctions_logs",
    "emrserverless_api",
    "emrserverless_run",
    "glue_catalog",
    "glue_crawler",
    "athena_api",
    "athena_run",
    "metrics_events",
    "metrics_gauges",
)


@dataclass(frozen=True)
class Patch:
    name: str
    gap: str
    apply: Callable[[], None]


_patches: dict[str, Patch] = {}


def patch(name: str, *, gap: str) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Registers a function that closes one gap in moto."""

    def register(apply_patch: Callable[[], None]) -> Callable[[], None]:
        if name in _patches:
            raise ValueError(f"two patches are named {name}")
        _patches[name] = Patch(name, gap, apply_patch)
        return apply_patch

    return register


def wrap(owner: Any, name: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Replaces a method (or module function) by one that is handed the original first."""

    def replace(replacement: Callable[..., Any]) -> Callable[..., Any]:
        original = getattr(owner, name)

        @functools.wraps(original)
        def replaced(*args: Any, **kwargs: Any) -> Any:
            return replacement(original, *args, **kwargs)

        setattr(owner, name, replaced)
        return replacement

    return replace


def load() -> dict[str, Patch]:
    """All patches, by name, in the order in which they are applied."""
    for plugin in PLUGINS:
        importlib.import_module(f"emulator.plugins.{plugin}")
    return _patches


def apply(without: Iterable[str] = ()) -> None:
    """Applies every patch but those named; an unknown name is an error."""
    patches = load()
    left_out = set(without)
    if unknown := left_out - patches.keys():
        raise ValueError(f"no such patch: {', '.join(sorted(unknown))}")
    for name, one in patches.items():
        if name not in left_out:
            one.apply()
