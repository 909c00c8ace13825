"""sort_by, from the source's settings to the files of a run."""

import json

import pyarrow.parquet as pq
import pytest

LINES = [{"n": n, "b": n * 7 % 100, "c": str(n % 3)} for n in range(100)]


@pytest.mark.parametrize("layout", ["iceberg", "parquet"])
@pytest.mark.parametrize("schema", [None, "n INT, c STRING, b INT"])
def test_a_source_s_rows_are_sorted_by_the_columns_that_it_names(lake, layout, schema):
    lake.sources["feed"] |= {"layout": layout, "sort_by": ["c", "b"]}
    if schema:
        lake.sources["feed"]["schema"] = schema
    lake.put("a.json", "\n".join(map(json.dumps, LINES)))
    lake.run()
    [path] = lake.files()
    found = pq.ParquetFile(path).read(columns=["c", "b"]).to_pylist()
    assert found == sorted(
        ({"c": r["c"], "b": r["b"]} for r in LINES), key=lambda r: (*r.values(),)
    )


def test_a_column_that_the_rows_lack_is_told_by_the_run_and_costs_no_row(lake, capfd):
    lake.sources["feed"]["sort_by"] = ["gone"]
    lake.put("a.json", "\n".join(map(json.dumps, LINES)))
    assert lake.run()["rows_written"] == 100
    assert "etl: note: rows are not sorted by gone" in capfd.readouterr().err
