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

spark.sql(f'''
    CREATE TABLE lake.{database}.marked USING iceberg LOCATION 's3://{bucket}/marked'
    TBLPROPERTIES ('format-version'='2', 'write.delete.mode'='merge-on-read')
    AS SELECT /*+ COALESCE(1) */ id FROM range(5)''')
spark.sql(f"DELETE FROM lake.{database}.marked WHERE id = 3")
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
    found = aws.rows("SELECT day, delay FROM flights ORDER BY day", database, bucket)
    assert found[1:] == [["09", "6"], ["10", "7"]]
    one_day = aws.query("SELECT delay, day FROM flights WHERE day = '09'", database, bucket)
    two_days = aws.query("SELECT delay, day FROM flights", database, bucket)
    scanned = [one["Statistics"]["DataScannedInBytes"] for one in (one_day, two_days)]
    assert 0 < scanned[0] < scanned[1] * 0.6
    # Rows that stand in a data file, and in a delete file as deleted.
    files = aws.rows('SELECT content, count(*) FROM "marked$files" GROUP BY 1', database, bucket)
    assert sorted(files[1:]) == [["0", "1"], ["1", "1"]]
    kept = aws.rows("SELECT id FROM marked ORDER BY id", database, bucket)
    assert kept[1:] == [["0"], ["1"], ["2"], ["4"]]
