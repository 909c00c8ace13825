"""Settings of jobs, and contents of files, that several tests need."""

from __future__ import annotations

import io
import zipfile
from typing import Any

SMALL_JOB = " ".join(
    f"--conf spark.{name}={value}"
    for name, value in {
        "driver.cores": 1,
        "driver.memory": "1g",
        "executor.cores": 1,
        "executor.memory": "1g",
        "dynamicAllocation.maxExecutors": 1,
    }.items()
)

# What a job asks of EMR for tables in the Glue catalog; `lake` is the catalog's name in Spark.
_EXTENSIONS = "org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions"
ICEBERG_CONF = " ".join(
    f"--conf spark.{name}={value}"
    for name, value in {
        "jars": "/usr/share/aws/iceberg/lib/iceberg-spark3-runtime.jar",
        "sql.extensions": _EXTENSIONS,
        "sql.catalog.lake": "org.apache.iceberg.spark.SparkCatalog",
        "sql.catalog.lake.catalog-impl": "org.apache.iceberg.aws.glue.GlueCatalog",
        "sql.catalog.lake.io-impl": "org.apache.iceberg.aws.s3.S3FileIO",
        "sql.catalog.lake.warehouse": "s3://{bucket}/processed",
        "sql.shuffle.partitions": "2",
    }.items()
)


def zipped(files: dict[str, str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def parquet(columns: dict[str, Any]) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    buffer = io.BytesIO()
    pq.write_table(pa.table(columns), buffer)
    return buffer.getvalue()
