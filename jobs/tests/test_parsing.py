"""Types: guessed where none are declared, enforced where they are."""

import datetime

UTC = datetime.timezone.utc


def test_json_types_are_widened_where_records_disagree_and_never_fail(lake, capfd):
    lake.put("a.json", '{"n": 1, "d": 1, "s": 1, "v": null, "o": {"x": 1}, "l": [1], "e": []}\n')
    lake.put("b.json", [{"n": 2, "d": 2.5, "s": "x", "v": None, "o": {"y": {"z": True}}}])
    lake.put("c.json", [{"o": {}, "l": [2.5], "big": 12345678901234567890, "at": "2025-01-01"}])
    lake.put("d.json", [{"mixed": {"k": 1}}, {"mixed": 7}, {"ok": True}])
    lake.run()
    assert lake.types() == {
        "at": "string",
        "big": "string",
        "d": "double",
        "e": "list<element: string>",
        "l": "list<element: double>",
        "mixed": "string",
        "n": "int64",
        "o": "struct<x: int64, y: struct<z: bool>>",
        "ok": "bool",
        "s": "string",
    }
    assert "without any value so far, so not in the table yet: v" in capfd.readouterr().err
    assert {row["big"] for row in lake.rows()} == {None, "12345678901234567890"}
    assert {row["mixed"] for row in lake.rows()} == {None, '{"k":1}', "7"}
    assert lake.files("quarantine") == []


def test_csv_types_are_those_that_all_files_of_the_batch_share(lake):
    lake.put(
        "a.csv",
        "i,d,s,code,flag,on,at,mixed,big,empty,huge\n"
        "1,1,1,007,true,2025-01-31,2025-01-31T10:00:00Z,2025-01-31,12345678901234567890,,1\n"
        "-2,,x,010,FALSE,1500-01-01,2025-01-31 10:00:00.5,2025-01-31 01:02,1,,2\n",
        source="table",
    )
    lake.put("b.csv", "d,i,huge\n2.5e1,9223372036854775807,1e999\n", source="table")
    lake.run("table")
    types = lake.types("table")
    at = {name: types.pop(name) for name in ("at", "mixed")}
    assert all(kind.startswith("timestamp") for kind in at.values())
    assert types == {
        "big": "string",
        "code": "string",
        "d": "double",
        "flag": "bool",
        "huge": "string",
        "i": "int64",
        "on": "date32[day]",
        "s": "string",
    }
    rows = {row["i"]: row for row in lake.rows("table")}
    assert rows[1]["code"] == "007" and rows[-2]["on"] == datetime.date(1500, 1, 1)
    assert rows[1]["at"].replace(tzinfo=UTC) == datetime.datetime(2025, 1, 31, 10, tzinfo=UTC)
    assert rows[9223372036854775807]["d"] == 25.0


def test_a_declared_json_schema_is_enforced_and_the_reason_names_the_column(lake, capfd):
    lake.sources["feed"]["schema"] = (
        "id BIGINT NOT NULL, small INT, at TIMESTAMP, on DATE, price DECIMAL(6,2), ok BOOLEAN, "
        "name STRING, tags ARRAY<INT>, In STRUCT<`Inner x`: INT, till: DATE>"
    )
    good = [
        '{"id": 1, "small": 2, "at": "2025-01-31T10:00:00Z", "on": "2025-01-31", "price": 1.25, '
        '"ok": true, "name": "n", "tags": [1, 2], "In": {"Inner x": 3}}',
        '{"id": 2, "name": 5, "undeclared": 1}',
    ]
    bad = {
        '{"id": 3, "small": 3000000000}': "column small: expected INT, found 3000000000",
        '{"id": 3, "small": 1.5}': "column small: expected INT, found 1.5",
        '{"id": 3, "small": "7"}': "column small: expected INT, found 7",
        '{"id": 3, "at": "yesterday"}': "column at: expected TIMESTAMP, found yesterday",
        '{"id": 3, "at": 1738317600000}': "column at: expected TIMESTAMP, found 1738317600000",
        '{"id": 3, "on": "2025-02-30"}': "column on: expected DATE, found 2025-02-30",
        '{"id": 3, "on": "2025"}': "column on: expected DATE, found 2025",
        '{"id": 3, "price": 123456}': "column price: expected DECIMAL(6,2), found 123456",
        '{"id": 3, "ok": "yes"}': "column ok: expected BOOLEAN, found yes",
        '{"id": 3, "tags": [1, "x"]}': 'column tags: expected ARRAY<INT>, found [1,"x"]',
        '{"id": 3, "In": 5}': "column In: expected STRUCT<INNER X:INT,TILL:DATE>, found 5",
        '{"id": 3, "In": {"till": "2025-13-01"}}': "column In: expected "
        'STRUCT<INNER X:INT,TILL:DATE>, found {"till":"2025-13-01"}',
        '{"id": null, "ok": true}': "column id: expected a value, found none",
        '{"name": "no id"}': "column id: expected a value, found none",
        '{"id": "x", "ok": 1}': "column id: expected BIGINT, found x; "
        "column ok: expected BOOLEAN, found 1",
    }
    lake.put("a.json", "\n".join([*good, *bad]))
    summary = lake.run()
    assert lake.reasons() == bad
    assert list(lake.types()) == ["id", "small", "at", "on", "price", "ok", "name", "tags", "in"]
    first, second = sorted(lake.rows(), key=lambda row: row["id"])
    assert first["on"] == datetime.date(2025, 1, 31) and str(first["price"]) == "1.25"
    assert first["in"] == {"inner_x": 3, "till": None} and first["tags"] == [1, 2]
    assert second["name"] == "5" and second["small"] is None
    assert summary["rows_read"] == 17 and summary["rows_quarantined"] == 15
    assert "not in the declared schema, so not in the table: undeclared" in capfd.readouterr().err


def test_a_declared_csv_schema_is_enforced_and_the_reason_names_the_column(lake):
    lake.sources["table"]["schema"] = (
        "id INT NOT NULL, at TIMESTAMP, on DATE, price DECIMAL(6,2), ratio DOUBLE, ok BOOLEAN"
    )
    bad = {
        "1.5,,,,,": "column id: expected INT, found 1.5",
        "3000000000,,,,,": "column id: expected INT, found 3000000000",
        "3,noon,,,,": "column at: expected TIMESTAMP, found noon",
        "3,,2025,,,": "column on: expected DATE, found 2025",
        "3,,,1.239,,": "column price: expected DECIMAL(6,2), found 1.239",
        "3,,,99999,,": "column price: expected DECIMAL(6,2), found 99999",
        "3,,,,many,": "column ratio: expected DOUBLE, found many",
        "3,,,,,maybe": "column ok: expected BOOLEAN, found maybe",
        ",,,,,true": "column id: expected a value, found none",
    }
    good = ["007,2025-01-31 10:00,2025-01-31,0001.500,1e3,True", "8,,,,,"]
    lake.put("a.csv", "\n".join(["id,at,on,price,ratio,ok", *good, *bad]), source="table")
    lake.run("table")
    assert lake.reasons("table") == bad
    assert list(lake.types("table")) == ["id", "at", "on", "price", "ratio", "ok"]
    first = next(row for row in lake.rows("table") if row["id"] == 7)
    assert (str(first["price"]), first["ratio"], first["ok"]) == ("1.50", 1000.0, True)
