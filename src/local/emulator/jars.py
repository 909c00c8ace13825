"""`python -m emulator.jars --into DIR`: fetches what EMR's Spark has and the Spark of PyPI lacks.

First, an S3 file system: hadoop-aws of the very Hadoop version that Spark was built with, and the
classes of the AWS SDK that S3A loads. The SDK's bundle would be 280 MB; the three modules that S3A
touches are 5 MB, and the libraries under them (Jackson, httpclient, Joda) are Spark's own, newer
copies. Second, Iceberg with its AWS modules, in a folder of its own: only jobs that ask for Iceberg
load it. Spark's built-in Ivy does the download, so the user's mirror settings and caches apply.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

HADOOP = "3.3.4"  # Spark 3.5.6 is built with it
AWS_SDK = "1.12.262"  # what hadoop-aws 3.3.4 is built with
ICEBERG = "1.10.0"  # the Iceberg of emr-7.12.0

# Maven coordinates and the SHA-256 of the jar; Ivy names the file <group>_<artifact>-<version>.jar.
S3A_JARS = {
    f"org.apache.hadoop:hadoop-aws:{HADOOP}": (
        "53f9ae03c681a30a50aa17524bd9790ab596b28481858e54efd989a826ed3a4a"
    ),
    f"com.amazonaws:aws-java-sdk-core:{AWS_SDK}": (
        "06fed99f929c389e168278c1b111aaf1afb270d07202fbbce92e73d1e4279678"
    ),
    f"com.amazonaws:aws-java-sdk-s3:{AWS_SDK}": (
        "a0cb7580178bc0d4d3558295a5bb890008478da8a6b3241989c71238b0ed3be5"
    ),
    # S3A's error translation links against the DynamoDB exceptions: without them no S3A at all.
    f"com.amazonaws:aws-java-sdk-dynamodb:{AWS_SDK}": (
        "7af4ba06d0d9b3c2ab435089caecd0567810d203aa285f7aa72861f1964d442e"
    ),
}
ICEBERG_JARS = {
    f"org.apache.iceberg:iceberg-spark-runtime-3.5_2.12:{ICEBERG}": (
        "70f9471870b2d456167d703c829f098a446b86bb1379eee338c0efa03a341026"
    ),
    # Iceberg's own AWS SDK 2, relocated, so that it meets no other; on EMR the cluster has the SDK.
    f"org.apache.iceberg:iceberg-aws-bundle:{ICEBERG}": (
        "172370cfc32a5f1ae5399b210e86fc04a366dc29a112d97ac8ffc74df7525596"
    ),
}
JARS = {**S3A_JARS, **ICEBERG_JARS}
SIZE_MB = 117

# What the modules above pull in and Spark already has in a newer version (an older Jackson in front
# of Spark's own breaks Spark), or what is only for encryption and response signing outside S3A.
_EXCLUDED = (
    "com.amazonaws:aws-java-sdk-bundle",
    "com.amazonaws:aws-java-sdk-kms",
    "com.amazonaws:jmespath-java",
    "com.fasterxml.jackson.core:jackson-annotations",
    "com.fasterxml.jackson.core:jackson-core",
    "com.fasterxml.jackson.core:jackson-databind",
    "com.fasterxml.jackson.dataformat:jackson-dataformat-cbor",
    "commons-codec:commons-codec",
    "commons-logging:commons-logging",
    "joda-time:joda-time",
    "org.apache.httpcomponents:httpclient",
    "org.apache.httpcomponents:httpcore",
    "org.wildfly.openssl:wildfly-openssl",
    "software.amazon.ion:ion-java",
)


class JarsError(Exception):
    """The jars could not be fetched, or are not the pinned ones."""


def file_name(coordinates: str) -> str:
    group, artifact, version = coordinates.split(":")
    return f"{group}_{artifact}-{version}.jar"


def path(folder: Path, coordinates: str) -> Path:
    """Spark gets every jar of the folder itself, and of `iceberg` in it where a job asks for it."""
    own = folder / "iceberg" if coordinates in ICEBERG_JARS else folder
    return own / file_name(coordinates)


def missing(folder: Path, wanted: dict[str, str] = JARS) -> list[str]:
    """Coordinates of the jars that are absent from the folder or differ from their pin."""
    return [c for c, pin in wanted.items() if _sha256(path(folder, c)) != pin]


def _sha256(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except FileNotFoundError:
        return ""


def spark_home() -> Path:
    """The Spark of the pyspark package, found without importing it (the import takes a second)."""
    from importlib.util import find_spec

    spec = find_spec("pyspark")
    if spec is None or spec.origin is None:
        raise JarsError("pyspark is not installed in this Python")
    return Path(spec.origin).parent


def fetch(folder: Path, say=lambda text: print(text, file=sys.stderr, flush=True)) -> None:
    """Downloads into a temporary folder beside the target, verifies, then moves file by file."""
    folder = folder.resolve()  # Ivy takes no other
    todo = missing(folder)
    if not todo:
        return
    java = os.environ.get("JAVA_HOME")
    if not (java and Path(java, "bin", "java").exists()) and shutil.which("java") is None:
        raise JarsError("no Java found: install Java 17, or set JAVA_HOME")
    folder.mkdir(parents=True, exist_ok=True)
    size = f", {SIZE_MB} MB" if len(todo) == len(JARS) else ""
    say(f"Fetching Spark's S3 file system and Iceberg: {len(todo)} jars{size}, through Ivy")
    with tempfile.TemporaryDirectory(dir=folder, prefix=".fetch-") as work:
        _run_ivy(Path(work), todo, say)
        for coordinates in todo:
            jar = Path(work, "ivy", "jars", file_name(coordinates))
            if not jar.exists():
                raise JarsError(f"{coordinates}: not among what Ivy fetched")
            if _sha256(jar) != JARS[coordinates]:
                raise JarsError(f"{coordinates}: its SHA-256 is not the pinned one")
            target = path(folder, coordinates)
            target.parent.mkdir(exist_ok=True)
            os.replace(jar, target)
    say(f"Spark's S3 file system and Iceberg are complete in {folder}")


def _run_ivy(work: Path, wanted: list[str], say) -> None:
    """Lets spark-submit resolve the packages for a job that does nothing."""
    job = work / "nothing.py"
    job.write_text("", encoding="utf-8")
    home = spark_home()
    command = [
        str(home / "bin" / "spark-submit"),
        *("--master", "local[1]"),
        *("--conf", f"spark.jars.ivy={work / 'ivy'}"),
        *("--packages", ",".join(wanted)),
        *("--exclude-packages", ",".join(_EXCLUDED)),
        str(job),
    ]
    env = {**os.environ, "SPARK_HOME": str(home), "PYSPARK_PYTHON": sys.executable}
    env["SPARK_LOCAL_IP"] = "127.0.0.1"
    with subprocess.Popen(
        command,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as ivy:
        lines: list[str] = []
        try:
            for line in ivy.stdout or ():
                lines.append(line.rstrip())
                if line.lstrip().startswith("downloading "):
                    say("  " + line.strip().rsplit("/", 1)[-1].removesuffix(" ..."))
        except BaseException:
            os.killpg(ivy.pid, signal.SIGKILL)
            raise
    if ivy.returncode != 0:
        wanted = ("unresolved", "not found", "Exception", "ERROR", "Unable")
        reasons = [line.strip() for line in lines if any(w in line for w in wanted)]
        raise JarsError("Ivy failed:\n  " + "\n  ".join((reasons or lines)[-8:]))


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m emulator.jars", description=__doc__)
    parser.add_argument("--into", type=Path, required=True, metavar="DIR")
    parser.add_argument("--check", action="store_true", help="only say whether DIR is complete")
    args = parser.parse_args(argv)
    if args.check:
        return 1 if missing(args.into) else 0
    try:
        fetch(args.into)
    except JarsError as problem:
        print(f"jars: {problem}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
