"""One Spark for the whole run, and a small lake in a temporary folder for each test."""

from __future__ import annotations

import itertools
import json
import os
import sys
from pathlib import Path

import pytest

JOBS = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(JOBS))
# Spark's Python workers are processes of their own.
os.environ["PYTHONPATH"] = os.pathsep.join(
    filter(None, [str(JOBS), os.environ.get("PYTHONPATH", "")])
)
os.environ["PYSPARK_PYTHON"] = os.environ["PYSPARK_DRIVER_PYTHON"] = sys.executable

DAY = "2025-01-09"
_DATABASES = itertools.count(1)


def iceberg_jars(aws: bool = False) -> list:
    """Where the project keeps what EMR's Spark has and PyPI's lacks; ``aws``: Glue and S3 too."""
    folder = Path(os.environ.get("EMULATOR_JARS") or JOBS.parent / ".lake" / "jars")
    kinds = ("iceberg-spark-runtime", *(["iceberg-aws-bundle"] if aws else []))
    jars = [next(iter(sorted(folder.rglob(f"*{kind}*.jar"))), None) for kind in kinds]
    if None in jars:
        pytest.fail(f"Iceberg's jars are missing in {folder}: run `npx lake doctor`")
    return jars


def iceberg_settings(warehouse: Path, jars: list) -> dict:
    """As the state machine gives them, but for a catalog of folders instead of Glue."""
    return {
        "spark.jars": ",".join(map(str, jars)),
        "spark.sql.extensions": (
            "org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions"
        ),
        "spark.sql.catalog.lake": "org.apache.iceberg.spark.SparkCatalog",
        "spark.sql.catalog.lake.type": "hadoop",
        "spark.sql.catalog.lake.warehouse": f"file:{warehouse}",
    }


def local_session(name: str, folder: Path, warehouse: Path, **settings):
    """Spark on two cores of this machine, reached from nowhere else, with its files in the folder;
    ``settings`` are those of Spark, with underscores for their dots."""
    from pyspark.sql import SparkSession

    all_settings = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.local.dir": str(folder / "spark"),
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        **iceberg_settings(warehouse, iceberg_jars()),
        **{f"spark.{key.replace('_', '.')}": value for key, value in settings.items()},
    }
    builder = SparkSession.builder.master("local[2]").appName(name)
    for key, value in all_settings.items():
        builder = builder.config(key, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("OFF")
    return session


@pytest.fixture(scope="session")
def warehouse(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("catalog")


@pytest.fixture(scope="session")
def spark(tmp_path_factory, warehouse):
    session = local_session(
        "jobs/tests",
        tmp_path_factory.mktemp("spark"),
        warehouse,
        driver_memory="2g",
        sql_shuffle_partitions="2",
        default_parallelism="2",
        driver_extraJavaOptions="-XX:TieredStopAtLevel=1",
    )
    yield session
    session.stop()


class Lake:
    """A raw zone to fill, the job to run on it, and what then stands in the other zones."""

    def __init__(self, root: Path, warehouse: Path, spark=None):
        self.root = root
        self.spark = spark
        self.database = f"lake_{next(_DATABASES)}"
        # A catalog of folders has its tables below the database's own, and nowhere else.
        self.processed = warehouse / self.database
        lenient = {"max_quarantined_percent": 100}
        self.sources = {
            "feed": {"format": "json", **lenient},
            "table": {"format": "csv", **lenient},
        }

    def plain(self) -> Lake:
        """The same lake with sources of the plain layout."""
        for source in self.sources.values():
            source["layout"] = "parquet"
        return self

    def put(self, name: str, content, day: str = DAY, source: str = "feed") -> Path:
        path = self.root / "raw" / source / self.folder(day) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not isinstance(content, bytes):
            content = (content if isinstance(content, str) else json.dumps(content)).encode()
        path.write_bytes(content)
        return path

    @staticmethod
    def folder(day: str) -> str:
        year, month, date = day.split("-")
        return f"year={year}/month={month}/day={date}"

    def arguments(self, source: str = "feed", days=(DAY,), **changes) -> list:
        config = self.root / "sources.json"
        if not config.exists() or "config" not in changes:
            config.write_text(json.dumps(self.sources))
        values = {
            "run-id": "etl-12345678",
            "source": source,
            "config": config.as_uri(),
            "partitions": json.dumps(list(days)),
            "raw": (self.root / "raw").as_uri(),
            "database": self.database,
            "processed": f"file:{self.processed}",
            "quarantine": (self.root / "quarantine").as_uri(),
            "summary": (self.root / "runs/etl-12345678/summary.json").as_uri(),
            **changes,
        }
        return [part for name, value in values.items() for part in (f"--{name}", value)]

    def run(self, source: str = "feed", days=(DAY,), **changes) -> dict:
        """Runs the job; its summary. Fails the test where the job fails."""
        import etl

        assert etl.main(self.arguments(source, days, **changes)) == 0
        return json.loads((self.root / "runs/etl-12345678/summary.json").read_text())

    def fail(self, capsys, source: str = "feed", days=(DAY,), **changes) -> str:
        """Runs the job, which must fail with exactly one line; that line."""
        import etl

        capsys.readouterr()
        assert etl.main(self.arguments(source, days, **changes)) == 1
        out, err = capsys.readouterr()
        errors = [line for line in err.splitlines() if not line.startswith("etl: note:")]
        assert out == ""
        assert len(errors) == 1 and errors[0].startswith("etl: error: "), err
        return errors[0]

    def files(self, zone: str = "processed", source: str = "feed", day: str = "") -> list:
        """What a reader of the zone finds: of a table, the files of its current snapshot."""
        base = self.processed if zone == "processed" else self.root / zone
        folder = base / source / (self.folder(day) if day else "")
        if zone == "processed" and self.sources[source].get("layout") != "parquet":
            return [path for path in self.live_files(source) if folder in path.parents]
        return sorted(
            path for path in folder.rglob("*") if path.is_file() and not path.name.endswith(".crc")
        )

    def iceberg(self, source: str = "feed"):
        """The table as Iceberg's own API shows it, fresh; None where there is none."""
        jvm = self.spark._jvm
        tables = jvm.org.apache.iceberg.hadoop.HadoopTables(self.spark._jsc.hadoopConfiguration())
        at = str(self.processed / source)
        return tables.load(at) if tables.exists(at) else None

    def live_files(self, source: str = "feed") -> list:
        table = self.iceberg(source)
        if table is None or table.currentSnapshot() is None:
            return []
        tasks, paths = table.newScan().planFiles(), []
        each = tasks.iterator()
        while each.hasNext():
            paths.append(Path(each.next().file().location().replace("file:", "")))
        tasks.close()
        return sorted(paths)

    def table(self, source: str = "feed", day: str = DAY):
        """The partition's Parquet as an Arrow table, without the partition's columns."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        files = self.files("processed", source, day)
        tables = [pq.ParquetFile(path).read() for path in files]
        if not tables:
            return None
        whole = pa.concat_tables(tables)
        return whole.drop([name for name in ("year", "month", "day") if name in whole.column_names])

    def rows(self, source: str = "feed", day: str = DAY) -> list:
        table = self.table(source, day)
        found = table.to_pylist() if table is not None else []
        return sorted(found, key=lambda row: json.dumps(row, sort_keys=True, default=str))

    def types(self, source: str = "feed", day: str = DAY) -> dict:
        return {field.name: str(field.type) for field in self.table(source, day).schema}

    def quarantined(self, source: str = "feed", day: str = DAY) -> list:
        rows = []
        for path in self.files("quarantine", source, day):
            rows += [json.loads(line) for line in path.read_text().splitlines()]
        return sorted(rows, key=lambda row: (row["reason"], row["raw_text"]))

    def reasons(self, source: str = "feed", day: str = DAY) -> dict:
        return {row["raw_text"]: row["reason"] for row in self.quarantined(source, day)}


@pytest.fixture
def lake(tmp_path, spark, warehouse) -> Lake:
    return Lake(tmp_path, warehouse, spark)
