"""What the plugins share: the settings of this run, clients on its own endpoint, threads."""

from __future__ import annotations

import logging
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

LOG = logging.getLogger("emulator")
ACCOUNT = "123456789012"


@dataclass
class Settings:
    """What the command line says; `work` is this run's own folder and is removed at its end."""

    port: int = 0
    node: str = "node"
    jars: Path | None = None
    work: Path = field(default_factory=lambda: Path(tempfile.gettempdir()))

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"


settings = Settings()

_clients: dict[tuple[str, str, str], Any] = {}
_clients_lock = threading.Lock()


def client(service: str, region: str, role: str = "") -> Any:
    """
    A boto3 client on the emulator itself, made once: boto3 sessions are not thread-safe.
    :param role: ARN or name of the role with which it acts; without one its calls are noted nowhere
    """
    from emulator.calls import access_key

    key = access_key(role) if role else "test"
    with _clients_lock:
        if (service, region, key) not in _clients:
            _clients[service, region, key] = boto3.client(
                service,
                region_name=region,
                endpoint_url=settings.endpoint,
                aws_access_key_id=key,
                aws_secret_access_key="test",
                config=Config(
                    retries={"total_max_attempts": 1},
                    max_pool_connections=50,
                    s3={"addressing_style": "path"},
                ),
            )
        return _clients[service, region, key]


def background(name: str, work: Callable[..., None], *args: Any) -> threading.Thread:
    """Runs in a daemon thread; an exception is logged, for nobody waits for the result."""

    def run() -> None:
        try:
            work(*args)
        except Exception:
            LOG.exception("%s failed", name)

    thread = threading.Thread(target=run, name=name, daemon=True)
    thread.start()
    return thread


def split_s3_uri(uri: str) -> tuple[str, str]:
    """`s3://bucket/key` as (bucket, key); s3a:// and s3n:// are the same to Hadoop."""
    scheme, _, rest = uri.partition("://")
    if scheme not in ("s3", "s3a", "s3n") or not rest:
        raise ValueError(f"not an S3 URI: {uri}")
    bucket, _, key = rest.partition("/")
    return bucket, key
