"""The command line of the emulator and its life: bind, patch, serve, end with all children."""

from __future__ import annotations

import argparse
import contextlib
import json
import logging
import os
import shutil
import signal
import socket
import sys
import tempfile
import threading
import traceback
from pathlib import Path
from typing import Any

HOST = "127.0.0.1"  # never another: the emulator checks no credentials


def parse(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m emulator", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--node", default="node", help="the Node.js that runs Lambda code")
    parser.add_argument("--jars", type=Path, metavar="DIR", help="made by `-m emulator.jars`")
    parser.add_argument(
        "--minute", type=_seconds, default=60.0, metavar="SECONDS", help="of a CloudWatch minute"
    )
    parser.add_argument("--work", type=Path, metavar="DIR", help="for temporary files")
    parser.add_argument("--log", type=Path, metavar="FILE", help="instead of stderr")
    parser.add_argument("--verbose", action="store_true", help="log every request")
    parser.add_argument("--watch-stdin", action="store_true", help="end when stdin reaches EOF")
    parser.add_argument("--without", action="append", default=[], metavar="PATCH")
    parser.add_argument("--bare", action="store_true", help="without any patch: moto as it is")
    parser.add_argument("--list-patches", action="store_true")
    return parser.parse_args(argv)


def _seconds(text: str) -> float:
    from emulator.minutes import LEAST_SECONDS, MOST_SECONDS, is_length

    with contextlib.suppress(ValueError):
        if is_length(float(text)):
            return float(text)
    expected = f"a number of seconds from {LEAST_SECONDS:g} to {MOST_SECONDS:g}"
    raise argparse.ArgumentTypeError(f"{expected}, not {text}")


def main(argv: list[str] | None = None) -> int:
    args = parse(argv)
    if args.list_patches:
        from emulator import registry

        for one in registry.load().values():
            print(f"{one.name:32} {one.gap}")
        return 0
    try:
        listener = _bind(args.port)
    except OSError as problem:
        print(f"emulator: cannot listen on {HOST}:{args.port}: {problem.strerror}", file=sys.stderr)
        return 1
    ready = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    _redirect_output(args.log)
    status = 0
    try:
        _serve(args, listener, ready)
    except SystemExit:  # a signal, or the end of stdin
        pass
    except ValueError as problem:
        print(f"emulator: {problem}", file=sys.stderr)
        status = 1
    except BaseException:
        traceback.print_exc()
        status = 1
    from emulator import children

    children.end_all()
    logging.shutdown()
    sys.stderr.flush()
    # Threads of executions and pollers may be in the middle of a call: no waiting for them.
    os._exit(status)


def _bind(port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((HOST, port))
    listener.listen(128)
    return listener


def _redirect_output(log: Path | None) -> None:
    """stdout carries the ready line only: what moto prints goes to stderr, or to the log file."""
    if log:
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("a", encoding="utf-8") as file:
            os.dup2(file.fileno(), sys.stderr.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s", level="INFO")
    logging.getLogger("botocore").setLevel("WARNING")


def _serve(args: argparse.Namespace, listener: socket.socket, ready: Any) -> None:
    port = listener.getsockname()[1]
    _isolate_process(port)

    from emulator import children, clock, registry
    from emulator.minutes import minutes
    from emulator.runtime import settings

    children.open_warden()
    if args.work:
        args.work.mkdir(parents=True, exist_ok=True)
    settings.port = port
    settings.node = shutil.which(args.node) or args.node
    minutes.start(args.minute)
    settings.jars = args.jars.resolve() if args.jars else None
    settings.work = Path(tempfile.mkdtemp(prefix="emulator-", dir=args.work)).resolve()
    children.remove_at_end(settings.work)
    # Node.js takes the nearest package.json for a function's own; on AWS none lies above it.
    (settings.work / "package.json").write_text("{}", encoding="utf-8")
    signal.signal(signal.SIGTERM, _end)
    signal.signal(signal.SIGINT, _end)
    if args.watch_stdin:
        threading.Thread(target=_end_at_eof, name="watch-stdin", daemon=True).start()

    _configure_moto()
    registry.apply(registry.load() if args.bare else args.without)
    clock.start()
    server = _make_server(listener, verbose=args.verbose)
    print(json.dumps({"endpoint": settings.endpoint, "pid": os.getpid()}), file=ready, flush=True)
    ready.close()
    server.serve_forever()


def _isolate_process(port: int) -> None:
    """The emulator's own clients must never reach a real account, a proxy or a profile."""
    for name in [n for n in os.environ if n.startswith(("AWS_", "MOTO_"))]:
        del os.environ[name]
    os.environ.update(
        AWS_ACCESS_KEY_ID="test",
        AWS_SECRET_ACCESS_KEY="test",
        AWS_DEFAULT_REGION="us-east-1",
        AWS_EC2_METADATA_DISABLED="true",
        AWS_CONFIG_FILE=os.devnull,
        AWS_SHARED_CREDENTIALS_FILE=os.devnull,
        NO_PROXY="127.0.0.1,localhost",
        no_proxy="127.0.0.1,localhost",
        MOTO_PORT=str(port),  # moto's Step Functions call http://localhost:$MOTO_PORT
        MOTO_IAM_LOAD_MANAGED_POLICIES="true",  # the AWS managed policies exist, as in any account
    )


def _configure_moto() -> None:
    """What POST /moto-api/config would set; it must stand before the first resource is made."""
    import boto3
    from moto.core.config import default_user_config
    from moto.moto_api import state_manager

    default_user_config["stepfunctions"] = {"execute_state_machine": True}
    default_user_config["lambda"] = {"use_docker": True}  # the backend that plugins make run Node
    state_manager.set_transition("glue::crawl", {"progression": "time", "seconds": 2})
    # boto3's default session fills itself lazily, and two threads at once break it: warm it here.
    boto3.setup_default_session()
    boto3.client("sts", endpoint_url=f"http://{HOST}:{os.environ['MOTO_PORT']}")


def _make_server(listener: socket.socket, *, verbose: bool) -> Any:
    from moto.moto_server.werkzeug_app import (
        DomainDispatcherApplication,
        MotoRequestHandler,
        create_backend_app,
    )
    from werkzeug.serving import make_server

    from emulator.control import FrontDoor

    class RequestHandler(MotoRequestHandler):
        # Head and body leave in two writes: with Nagle's algorithm on a kept-alive connection the
        # second one waits for the client's delayed acknowledgement, 40 ms for every request.
        disable_nagle_algorithm = True

    logging.getLogger("werkzeug").setLevel("INFO" if verbose else "ERROR")
    application = FrontDoor(DomainDispatcherApplication(create_backend_app))
    return make_server(
        HOST,
        listener.getsockname()[1],
        application,
        threaded=True,
        request_handler=RequestHandler,
        fd=listener.detach(),
    )


def _end(signum: int, frame: Any) -> None:
    for again in (signal.SIGTERM, signal.SIGINT):
        signal.signal(again, signal.SIG_IGN)
    sys.exit(0)


def _end_at_eof() -> None:
    while sys.stdin.buffer.read(4096):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
