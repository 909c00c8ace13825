"""What a job's Spark settings become on this machine."""

from __future__ import annotations

from pathlib import Path

import pytest
from emulator import spark_settings
from emulator.runtime import settings
from emulator_support import SOURCES  # noqa: F401 - puts the emulator on the path

ICEBERG = "/usr/share/aws/iceberg/lib/iceberg-spark3-runtime.jar"
CATALOG = {
    "spark.sql.catalog.lake": "org.apache.iceberg.spark.SparkCatalog",
    "spark.sql.catalog.lake.warehouse": "s3://bucket/processed",
    "spark.sql.catalog.other": "com.example.Catalog",
}


@pytest.fixture
def of_job(jars: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setattr(settings, "jars", jars)
    return lambda **conf: spark_settings.of_job(conf, "eu-central-1", tmp_path, "ASIAJOB")


def test_a_job_that_does_not_ask_for_iceberg_does_not_load_it(of_job, jars: Path) -> None:
    found = of_job(**CATALOG)
    assert found["spark.driver.extraClassPath"] == f"{jars}/*"


@pytest.mark.parametrize("jar", [ICEBERG, f"local://{ICEBERG}", f"file://{ICEBERG}"])
def test_emrs_iceberg_is_the_one_of_this_machine(of_job, jars: Path, jar: str) -> None:
    found = of_job(**CATALOG, **{"spark.jars": f"s3://bucket/own.jar, {jar}"})
    assert found["spark.jars"] == "s3://bucket/own.jar"
    assert found["spark.driver.extraClassPath"] == f"{jars}/*:{jars}/iceberg/*"


def test_with_iceberg_alone_nothing_is_left_in_spark_jars(of_job) -> None:
    assert "spark.jars" not in of_job(**{"spark.jars": ICEBERG})


def test_another_jar_of_emrs_image_is_told_by_its_name(of_job) -> None:
    delta = "/usr/share/aws/delta/lib/delta-spark.jar"
    with pytest.raises(spark_settings.NotRunnable, match=f"spark.jars names {delta}: of EMR's"):
        of_job(**{"spark.jars": f"{ICEBERG},{delta}"})


def test_missing_iceberg_stops_only_the_job_that_wants_it(
    of_job, jars: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for jar in jars.glob("*.jar"):
        (tmp_path / jar.name).symlink_to(jar)
    monkeypatch.setattr(settings, "jars", tmp_path)
    of_job()
    with pytest.raises(spark_settings.NotRunnable, match="python -m emulator.jars --into"):
        of_job(**{"spark.jars": ICEBERG})


def test_the_jobs_own_java_options_follow_the_local_ones(of_job) -> None:
    found = of_job(**{"spark.driver.extraJavaOptions": "-Dmine=1", "spark.emr-serverless.x": "y"})
    assert found["spark.driver.extraJavaOptions"].endswith(" -Dmine=1")
    assert "spark.emr-serverless.x" not in found
