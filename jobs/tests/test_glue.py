"""The whole job as EMR runs it, on the local AWS: S3, the Glue catalog, Athena as the reader."""

import json
import shutil
import sys
from pathlib import Path

import pytest
from conftest import JOBS

sys.path.insert(0, str(JOBS.parent / "__tests__" / "local" / "emulator"))

from emulator_support import ICEBERG_CONF, SMALL_JOB, Aws, Emulator, fetched_jars, unique  # noqa: E402

FIRST, SECOND = "2025-01-09", "2025-10-10"


class CloudLake:
    """One bucket with all zones, one database, one application."""

    def __init__(self, aws: Aws, folder: Path):
        self.aws = aws
        self.bucket = aws.bucket()
        self.database = unique("lake").replace("-", "_")
        self.application = aws.application()
        aws.glue.create_database(DatabaseInput={"Name": self.database})
        package = shutil.make_archive(str(folder / "lake"), "zip", JOBS, "lake")
        aws.put(self.bucket, "jobs/lake.zip", Path(package).read_bytes())
        aws.put(self.bucket, "jobs/etl.py", (JOBS / "etl.py").read_text())
        self.configure()

    def configure(self, **about) -> None:
        source = {"format": "json", "max_quarantined_percent": 50, **about}
        self.aws.put(self.bucket, "sources.json", json.dumps({"feed": source}))

    def put(self, name: str, day: str, content: str) -> None:
        year, month, date = day.split("-")
        key = f"raw/feed/year={year}/month={month}/day={date}/{name}"
        self.aws.put(self.bucket, key, content)

    def run(self, *days: str) -> dict:
        """The job run, ended; its summary stands under `summary` where it succeeded."""
        at, run_id = f"s3://{self.bucket}", unique("etl")
        values = {
            "run-id": run_id,
            "source": "feed",
            "config": f"{at}/sources.json",
            "partitions": json.dumps(days),
            "database": self.database,
            "raw": f"{at}/raw",
            "processed": f"{at}/processed",
            "quarantine": f"{at}/quarantine",
            "summary": f"{at}/runs/{run_id}/summary.json",
        }
        arguments = [part for name, value in values.items() for part in (f"--{name}", value)]
        conf = f"{SMALL_JOB} {ICEBERG_CONF.format(bucket=self.bucket)}"
        parameters = f"--py-files {at}/jobs/lake.zip {conf}"
        entry = f"{at}/jobs/etl.py"
        job = self.aws.job(self.application, entry, *arguments, parameters=parameters)
        ended = self.aws.job_run(self.application, job)
        if ended["state"] == "SUCCESS":
            stored = self.aws.s3.get_object(Bucket=self.bucket, Key=f"runs/{run_id}/summary.json")
            ended["summary"] = json.load(stored["Body"])
        return ended

    def rows(self, sql: str) -> list:
        return self.aws.rows(sql, self.database, self.bucket)[1:]


@pytest.fixture(scope="module")
def aws(tmp_path_factory):
    jars = str(fetched_jars())
    with Emulator(tmp_path_factory.mktemp("emulator"), "--jars", jars) as running:
        yield Aws(running.endpoint)


@pytest.fixture
def cloud(aws, tmp_path) -> CloudLake:
    return CloudLake(aws, tmp_path)


def test_runs_end_in_a_table_that_athena_reads_at_once_day_by_day(cloud):
    cloud.put("a.json", FIRST, '{"Id": 1, "at": "x"}\nbroken\n')
    cloud.put("b.json", SECOND, '{"Id": 2}\n{"Id": 3}\n')
    first = cloud.run(FIRST, SECOND)
    assert first["state"] == "SUCCESS", first["stateDetails"]
    counts = [first["summary"][f"rows_{name}"] for name in ("read", "written", "quarantined")]
    assert counts == [4, 3, 1]
    assert cloud.rows("SELECT id, day FROM feed ORDER BY id") == [
        ["1", "09"],
        ["2", "10"],
        ["3", "10"],
    ]
    cloud.put("b.json", SECOND, '{"Id": 4, "new": {"x": true}}\n{"Id": "five"}\n')
    cloud.aws.s3.delete_object(Bucket=cloud.bucket, Key="raw/feed/year=2025/month=01/day=09/a.json")
    second = cloud.run(FIRST, SECOND)
    assert second["state"] == "SUCCESS", second["stateDetails"]
    assert cloud.rows("SELECT id, new.x, month FROM feed") == [["4", "true", "10"]]
    table = cloud.aws.glue.get_table(DatabaseName=cloud.database, Name="feed")["Table"]
    assert table["Parameters"]["table_type"] == "ICEBERG"
    listed = cloud.aws.s3.list_objects_v2(Bucket=cloud.bucket, Prefix="processed/")["Contents"]
    folders = {one["Key"].rsplit("/", 1)[0] for one in listed}
    assert folders == {
        "processed/feed/metadata",
        "processed/feed/year=2025/month=01/day=09",
        "processed/feed/year=2025/month=10/day=10",
    }
    listed = cloud.aws.s3.list_objects_v2(Bucket=cloud.bucket, Prefix="quarantine/")["Contents"]
    [kept] = [one["Key"] for one in listed if one["Size"]]
    assert kept.startswith("quarantine/feed/year=2025/month=10/day=10/")


def test_a_table_that_a_crawler_made_is_left_alone_and_the_message_says_what_to_do(cloud):
    column = {"Name": "a", "Type": "bigint"}
    place = f"s3://{cloud.bucket}/processed/feed/"
    cloud.aws.glue.create_table(
        DatabaseName=cloud.database,
        TableInput={
            "Name": "feed",
            "TableType": "EXTERNAL_TABLE",
            "Parameters": {"classification": "parquet"},
            "StorageDescriptor": {"Columns": [column], "Location": place},
        },
    )
    cloud.put("a.json", FIRST, '{"a": 1}\n')
    failed = cloud.run(FIRST)
    assert failed["state"] == "FAILED"
    assert "of the Glue catalog is no Iceberg table" in failed["stateDetails"]
    assert 'layout = "parquet"' in failed["stateDetails"]


def test_a_database_that_is_missing_is_a_message(cloud):
    cloud.database = "nowhere"
    cloud.put("a.json", FIRST, '{"a": 1}\n')
    failed = cloud.run(FIRST)
    assert failed["state"] == "FAILED"
    assert "the Glue catalog has no such database; deploy" in failed["stateDetails"]
