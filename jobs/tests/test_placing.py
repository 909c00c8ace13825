"""What the written files' own statistics tell, and that no row is lost or doubled on the way."""

import json

import pyarrow.parquet as pq
import pytest
from lake import catalog, placing
from lake.layout import parse_partitions
from lake.placing import place, sized, sortable
from lake.plain import PlainTable
from lake.table import IcebergTable
from pyspark.sql import functions as F
from pyspark.sql import types as T

FIRST, SECOND = "2025-01-09", "2025-01-10"
ORIGINS = [f"{a}{b}X" for a in "ABCDEFGHIJ" for b in "KLMNOPQRST"]
COLUMNS = (
    T.StructType()
    .add("n", T.LongType())
    .add("origin", T.StringType())
    .add("delay", T.IntegerType())
    .add("more", T.StructType().add("a", T.IntegerType()))
)


@pytest.fixture
def small_files(monkeypatch, spark):
    monkeypatch.setattr(placing, "SHUFFLED_BYTES_PER_FILE", 100_000)
    least = "spark.sql.adaptive.coalescePartitions.minPartitionSize"
    spark.conf.set(least, "1k")
    yield
    spark.conf.unset(least)


@pytest.fixture(params=["iceberg", "parquet"])
def staged(request, lake, small_files):
    """Writes and publishes rows by either kind of table; the days' files in the order of names."""

    def stage(rows, files_by_day, sort_by=()):
        if request.param == "iceberg":
            zone = f"file:{lake.processed}"
            table = IcebergTable(lake.spark, lake.database, "feed", zone, "etl-1", sort_by)
        else:
            table = PlainTable(lake.plain().spark, "feed", f"file:{lake.processed}", sort_by)
        days = parse_partitions(json.dumps(sorted(files_by_day)))
        table.stage(rows, COLUMNS, files_by_day, days)
        assert sum(table.staged_rows().values()) == rows.count()
        table.publish(days)
        return {day: lake.files(day=day) for day in files_by_day}

    return stage


def arrived(spark, count=80_000, parts=16, other=2_000):
    """Rows of one large day in the order of ``n``, some of another day at the end."""
    shuffled = F.element_at(
        F.expr(f"array({','.join(map(repr, ORIGINS))})"),
        F.pmod(F.xxhash64("id"), F.lit(len(ORIGINS))).cast("int") + 1,
    )
    record = F.struct(
        F.col("id").alias("n"),
        shuffled.alias("origin"),
        F.pmod(F.xxhash64("id"), F.lit(997)).cast("int").alias("delay"),
        F.struct(F.lit(1).alias("a")).alias("more"),
    )
    day = F.when(F.col("id") < count, FIRST).otherwise(SECOND)
    rows = spark.range(0, count + other, 1, parts)
    return rows.select(day.alias("day"), F.xxhash64("id").alias("slot_key"), record.alias("record"))


def ranges(files, column):
    """Least and greatest value of each file, by its footer alone, in their order."""
    found = []
    for path in files:
        footer = pq.ParquetFile(path).metadata
        at = footer.schema.to_arrow_schema().get_field_index(column)
        stats = [footer.row_group(i).column(at).statistics for i in range(footer.num_row_groups)]
        assert all(each.has_min_max for each in stats)
        found.append((min(each.min for each in stats), max(each.max for each in stats)))
    return sorted(found)


def disjoint(found) -> bool:
    return all(before[1] < after[0] for before, after in zip(found, found[1:]))


def values(files, column="n"):
    return sorted(v for path in files for v in pq.read_table(path)[column].to_pylist())


def test_rows_stay_in_the_order_in_which_they_came(lake, staged):
    files = staged(arrived(lake.spark), {FIRST: 1, SECOND: 1})
    assert len(files[FIRST]) > 3 and len(files[SECOND]) == 1
    assert disjoint(ranges(files[FIRST], "n"))
    assert values(files[FIRST]) == list(range(80_000))
    assert values(files[SECOND]) == list(range(80_000, 82_000))


def test_sorted_rows_stand_in_disjoint_ranges_between_files_and_in_order_within_them(lake, staged):
    files = staged(arrived(lake.spark), {FIRST: 4, SECOND: 1}, ("origin", "delay"))
    found = ranges(files[FIRST], "origin")
    assert len(found) > 3
    # An origin may end in one file and go on in the next.
    assert all(before[1] <= after[0] for before, after in zip(found, found[1:]))
    assert sum(low <= "EPX" <= high for low, high in found) <= 2
    for path in files[FIRST]:
        table = pq.read_table(path)
        pairs = list(zip(table["origin"].to_pylist(), table["delay"].to_pylist()))
        assert pairs == sorted(pairs)
    assert values(files[FIRST]) == list(range(80_000))
    assert values(files[SECOND]) == list(range(80_000, 82_000))


def test_rows_that_are_all_equal_in_what_they_are_sorted_by_are_cut_all_the_same(lake, staged):
    rows = arrived(lake.spark)
    one = rows.withColumn("record", F.col("record").withField("origin", F.lit("SEA")))
    files = staged(one, {FIRST: 4, SECOND: 1}, ("origin",))
    assert len(files[FIRST]) > 3
    assert values(files[FIRST]) == list(range(80_000))


def placed_once(spark, sort_by, *columns):
    """Each row's number, other columns, and the task that writes it."""
    with sized(spark, {FIRST: 4, SECOND: 1}):
        placed = place(arrived(spark), {FIRST: 4, SECOND: 1}, sort_by)
        rows = placed.select("n", *columns, F.spark_partition_id().alias("task")).collect()
    assert len({row.task for row in rows}) > 3
    return rows


def test_a_second_try_places_every_row_alike(lake, small_files):
    first, second = placed_once(lake.spark, []), placed_once(lake.spark, [])
    assert sorted(first) == sorted(second)


def test_where_a_sorted_row_goes_follows_from_its_own_values(lake, small_files):
    # As slot_key does in arrived(): so every retry of a task cuts at the same rows.
    own = F.xxhash64("n").alias("slot")
    rows = placed_once(lake.spark, ["origin"], "day", "origin", own)
    by_value = sorted(rows, key=lambda row: (row.day, row.origin, row.slot))
    tasks = [row.task for row in by_value]
    assert tasks == sorted(tasks)


def test_many_days_are_a_file_each_however_their_rows_are_mixed(lake, staged):
    days = [f"2025-03-{n:02d}" for n in range(1, 21)]
    mixed = F.element_at(
        F.expr(f"array({','.join(map(repr, days))})"), (F.col("record.n") % 20).cast("int") + 1
    )
    rows = arrived(lake.spark, count=4_000, other=0).withColumn("day", mixed)
    files = staged(rows, dict.fromkeys(days, 1))
    assert [len(files[day]) for day in days] == [1] * 20
    assert values([path for day in days for path in files[day]]) == list(range(4_000))


def test_a_large_file_has_several_row_groups_to_choose_from(lake, staged, monkeypatch):
    monkeypatch.setattr(placing, "SHUFFLED_BYTES_PER_FILE", 1024**3)
    for module in ("catalog", "writing"):
        monkeypatch.setattr(f"lake.{module}.ROW_GROUP_BYTES", 100_000)
    monkeypatch.setitem(catalog._PROPERTIES, catalog.ROW_GROUP_SIZE, "100000")
    files = staged(arrived(lake.spark), {FIRST: 1, SECOND: 1})
    [path] = files[FIRST]
    footer = pq.ParquetFile(path).metadata
    assert footer.num_row_groups > 2
    column = [footer.row_group(i).column(0) for i in range(footer.num_row_groups)]
    assert disjoint([(each.statistics.min, each.statistics.max) for each in column])
    assert all(each.has_column_index and each.has_offset_index for each in column)


def test_settings_are_as_before_after_a_write_that_fails(lake):
    name = "spark.sql.adaptive.advisoryPartitionSizeInBytes"
    before = lake.spark.conf.get(name)
    with pytest.raises(KeyError), sized(lake.spark, {}):
        assert lake.spark.conf.get(name) != before
        raise KeyError
    assert lake.spark.conf.get(name) == before


def test_a_column_that_the_rows_lack_is_told_and_passed_over(capsys):
    assert sortable(COLUMNS, ("orign", "delay", "more")) == ["delay"]
    told = capsys.readouterr().err
    assert "not sorted by orign: expected one of the columns n, origin, delay, more" in told
    assert "not sorted by more: expected a column of single values, found STRUCT<A:INT>" in told


def test_rows_that_lack_the_column_are_written_as_they_came(lake, staged, capsys):
    files = staged(arrived(lake.spark), {FIRST: 1, SECOND: 1}, ("orign",))
    assert disjoint(ranges(files[FIRST], "n"))
    assert "rows are not sorted by orign" in capsys.readouterr().err


def test_a_table_made_before_takes_the_size_of_row_groups_and_the_order_of_its_next_run(lake):
    table = lake.iceberg
    zone = f"file:{lake.processed}"
    rows, days = arrived(lake.spark, count=100, parts=1, other=0), parse_partitions(f'["{FIRST}"]')
    for sort_by in [(), ("origin", "delay"), ("delay",), ()]:
        IcebergTable(lake.spark, lake.database, "feed", zone, "etl-1").stage(None, None, {}, days)
        run = IcebergTable(lake.spark, lake.database, "feed", zone, "etl-1", sort_by)
        run.stage(rows, COLUMNS, {FIRST: 1}, days)
        run.publish(days)
        order = [(f.sourceId(), f.direction().toString()) for f in table().sortOrder().fields()]
        ids = [table().schema().findField(name).fieldId() for name in sort_by]
        assert order == [(each, "ASC") for each in ids]
        assert table().properties()[catalog.ROW_GROUP_SIZE] == str(placing.ROW_GROUP_BYTES)
        table().updateProperties().set(catalog.ROW_GROUP_SIZE, "134217728").commit()
