"""A Spark job that commits Iceberg tables to the Glue catalog with the settings it has on EMR."""

from __future__ import annotations

from emulator_support import ICEBERG_CONF, SMALL_JOB, Aws, unique

JOB = """
import sys
from pyspark.sql import SparkSession, functions as F

bucket, database = sys.argv[1:]
spark = SparkSession.builder.getOrCreate()
place = f"s3://{bucket}/processed/flights"
spark.sql(f'''
    CREATE TABLE lake.{database}.flights (delay INT, day STRING) USING iceberg
    PARTITIONED BY (day) LOCATION '{place}'
    TBLPROPERTIES ('write.data.path'='{place}', 'write.parquet.compression-codec'='snappy')''')

def overwrite(rows, condition):
    frame = spark.createDataFrame(rows, "delay int, day string")
    frame.writeTo(f"lake.{database}.flights").overwrite(F.expr(condition))

overwrite([(5, "09"), (7, "10"), (9, "11")], "true")
overwrite([(6, "09")], "day IN ('09', '11')")
rows = spark.table(f"lake.{database}.flights").orderBy("day").collect()
assert [tuple(row) for row in rows] == [(6, "09"), (7, "10")], rows
"""


def test_a_job_overwrites_days_of_an_iceberg_table_in_one_commit(aws: Aws) -> None:
    bucket, database = aws.bucket(), unique("database").replace("-", "_")
    aws.glue.create_database(DatabaseInput={"Name": database})
    aws.put(bucket, "job.py", JOB)
    application = aws.application()
    parameters = f"{SMALL_JOB} {ICEBERG_CONF.format(bucket=bucket)}"
    arguments = (f"s3://{bucket}/job.py", bucket, database)
    run = aws.job_run(application, aws.job(application, *arguments, parameters=parameters))
    assert run["state"] == "SUCCESS", run["stateDetails"]
    table = aws.glue.get_table(DatabaseName=database, Name="flights")["Table"]
    assert table["Parameters"]["table_type"] == "ICEBERG"
    listed = aws.s3.list_objects_v2(Bucket=bucket, Prefix="processed/")["Contents"]
    keys = [one["Key"].removeprefix("processed/flights/") for one in listed]
    folders = sorted({key.split("/")[0] for key in keys})
    assert folders == ["day=09", "day=10", "day=11", "metadata"]
    metadata = f"s3://{bucket}/processed/flights/metadata/"
    assert table["Parameters"]["metadata_location"].startswith(metadata)
