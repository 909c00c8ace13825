"""The Spark job: ``spark-submit --py-files lake.zip etl.py --run-id … --source … …``.

Prints the run's summary as one line of JSON on stdout and stores it at --summary. Exit 0 when every
record stands in the source's table or in quarantine; 1, with one line on stderr, when something
outside has to be mended; a stack trace is a bug of the job.
"""

from __future__ import annotations

import argparse
import sys

from lake.console import say
from lake.errors import JobError, outside_cause
from lake.job import Request, run
from pyspark.sql import SparkSession

ARGUMENTS = {
    "run-id": "name of the execution; it stands in quarantined rows and in the summary",
    "source": "the feed, such as orders: the folder under each zone",
    "config": "URI of sources.json",
    "partitions": """JSON array of ISO dates, such as '["2025-10-09"]'""",
    "database": "the Glue database of the source's table",
    "raw": "URI of the raw zone",
    "processed": "URI of the processed zone",
    "quarantine": "URI of the quarantine",
    "summary": "URI of the summary to write",
}


class _Parser(argparse.ArgumentParser):
    def error(self, message: str):
        raise JobError(f"{message}; see etl.py --help")


def parse_arguments(argv: list[str]) -> Request:
    parser = _Parser(prog="etl.py", description=__doc__, allow_abbrev=False)
    for name, meaning in ARGUMENTS.items():
        parser.add_argument(f"--{name}", required=True, help=meaning)
    return Request.checked(vars(parser.parse_args(argv)))


def main(argv: list[str] | None = None) -> int:
    try:
        request = parse_arguments(sys.argv[1:] if argv is None else argv)
        spark = SparkSession.builder.appName(f"etl {request.source}").getOrCreate()
        summary = run(spark, request)
    except JobError as error:
        return _failed(str(error))
    except Exception as error:
        cause = outside_cause(error)
        if cause is None:
            raise
        return _failed(cause)
    print(summary.to_json(), flush=True)
    return 0


def _failed(message: str) -> int:
    say(f"etl: error: {message}")
    return 1


if __name__ == "__main__":
    sys.exit(main())
