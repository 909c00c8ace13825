"""A value is what was written, or it is set aside: Spark's own parser rounds, wraps and guesses."""

import json
from decimal import Decimal

import pytest

FIRST, SECOND = "2025-01-09", "2025-10-10"
KINDS = {
    "t": "TINYINT",
    "s": "SMALLINT",
    "d": "DECIMAL(10,2)",
    "z": "DECIMAL(38,10)",
    "f": "FLOAT",
    "g": "DOUBLE",
    "o": "STRUCT<at:TIMESTAMP,on:DATE,t:TINYINT>",
    "l": "ARRAY<DATE>",
    "m": "MAP<STRING,DECIMAL(5,1)>",
    "n": "ARRAY<STRUCT<g:DOUBLE,d:DECIMAL(4,2)>>",
    "q": "ARRAY<FLOAT>",
}
BAD = [
    ("t", "200"),
    ("t", "-129"),
    ("s", "40000"),
    ("d", "1.239"),
    ("d", "1.005"),
    ("d", '"1.239"'),
    ("d", '"1,5"'),
    ("d", "123456789.1"),
    ("d", "1.5e-2"),
    ("d", "1e400"),
    ("d", "true"),
    ("z", "1.00000000000000000001"),
    ("f", "1e300"),
    ("f", "16777217"),
    ("f", "1e-60"),
    ("g", "1e400"),
    ("g", "-1e400"),
    ("g", "1" + "0" * 400),
    ("g", "9007199254740993"),
    ("g", "12345678901234567891"),
    ("g", "1e-400"),
    ("g", '"1.5"'),
    ("o", '{"at":5}'),
    ("o", '{"at":"2025"}'),
    ("o", '{"on":2025}'),
    ("o", '{"on":"2025"}'),
    ("o", '{"on":"2025-02-30"}'),
    ("o", '{"t":200}'),
    ("l", '["2025"]'),
    ("l", "[20250101]"),
    ("m", '{"a":1.26}'),
    ("m", '{"a":"1,5"}'),
    ("n", '[{"g":1.5},{"g":1e400}]'),
    ("n", '[{"d":1.255}]'),
    ("q", "[16777217]"),
    ("n", '[{"g":9007199254740993}]'),
]
LONG = "1234567890123456789012345678.0123456789"
GOOD = [
    ("t", "-128", -128),
    ("d", "1.230", Decimal("1.23")),
    ("d", "12345678.9", Decimal("12345678.90")),
    ("d", '"7.5"', Decimal("7.50")),
    ("d", "1.5e2", Decimal("150.00")),
    ("d", "1500e-3", Decimal("1.50")),
    ("d", "0e-9", Decimal("0.00")),
    ("z", LONG, Decimal(LONG)),
    ("z", "0.1234567891", Decimal("0.1234567891")),
    ("f", "16777216", 16777216.0),
    ("f", "0.5", 0.5),
    ("g", "0.1", 0.1),
    ("g", "1.5E300", 1.5e300),
    ("g", "9007199254740994", 9007199254740994.0),
    ("g", "100000000000000000000", 1e20),
    ("g", "1152921504606846976", 2.0**60),
    ("g", '"Infinity"', float("inf")),
    ("g", "0.0e-99", 0.0),
    ("m", '{"a":1.20}', [("a", Decimal("1.2"))]),
    ("n", '[{"g":1e20,"d":1.50},null]', [{"g": 1e20, "d": Decimal("1.50")}, None]),
]  # fmt: skip


def shown(kinds: dict, name: str, text: str) -> str:
    text = text[1:-1] if text.startswith('"') else text
    return f"column {name}: expected {kinds[name].upper()}, found {text[:60]}"


def test_a_declared_json_type_takes_a_value_as_it_was_written_or_not_at_all(lake):
    lake.sources["feed"]["schema"] = ", ".join(f"{n} {kind}" for n, kind in KINDS.items())
    bad = {f'{{"{name}": {text}}}': shown(KINDS, name, text) for name, text in BAD}
    good = [f'{{"{name}": {text}}}' for name, text, _ in GOOD]
    lake.put("a.json", "\n".join([*good, *bad]))
    lake.run()
    assert lake.reasons() == bad
    found = [(n, v) for row in lake.rows() for n, v in row.items() if v is not None]
    assert sorted(map(repr, found)) == sorted(repr((name, v)) for name, _, v in GOOD)


@pytest.mark.parametrize("guessed", [False, True])
def test_a_csv_number_is_kept_or_set_aside(lake, guessed):
    if not guessed:
        lake.sources["table"]["schema"] = "d DECIMAL(10,2), f FLOAT, g DOUBLE"
    lake.put("a.csv", "d,f,g\n1.5e1,0.5,1.5\n,,1e20\n", FIRST, "table")
    lake.run("table", days=[FIRST])
    bad = ["g\n1e400\n9007199254740993\n1e-400\n"]
    bad += [] if guessed else ["f\n1e300\n16777217\n", "d\n1.5e-2\n"]
    for at, text in enumerate(bad):
        lake.put(f"{at}.csv", text, SECOND, "table")
    lake.run("table", days=[SECOND])
    assert sorted(row["g"] for row in lake.rows("table", FIRST)) == [1.5, 1e20]
    assert lake.rows("table", SECOND) == []
    assert len(lake.quarantined("table", SECOND)) == (3 if guessed else 6)


def test_a_guessed_csv_double_holds_its_whole_numbers_or_is_text(lake):
    lake.put("a.csv", "a,b\n1.5,1.5\n9007199254740993,1\n", source="table")
    lake.run("table")
    assert lake.types("table") == {"a": "string", "b": "double"}


def test_a_number_in_a_text_column_keeps_its_spelling(lake):
    numbers = ["1.10", "0.1234567890123456789", "1e400", "100000000000000000000.5", "1E5", "-0"]
    numbers += ["12345678901234567890123", "-0.0", "7", "0", "1e-7"]
    others = ['"1.2.3"', '"1.10 "', '"\\"1.50\\\\"', '"\ue0001.5"', '"\\ue0001.5"', "true"]
    lines = [f'{{"s": {text}, "d": 1.5}}' for text in [*numbers, *others]]
    nested = '{"v": 1.10, "w": ["1.10", 2.50, "\\"a", "\ue000"], "x": "it\'s"}'
    lake.put("a.json", "\n".join([*lines, f'{{"s": {nested}, "d": 2.50}}']))
    assert lake.run()["rows_quarantined"] == 0
    found = [row["s"] for row in lake.rows()]
    [kept] = [text for text in found if text.startswith("{")]
    assert kept == '{"v":1.10,"w":["1.10",2.50,"\\"a","\ue000"],"x":"it\'s"}'
    found.remove(kept)
    expected = [text if text == "true" else json.loads(text) for text in others]
    assert sorted(found) == sorted([*numbers, *expected])


def test_a_number_in_inner_text_keeps_its_spelling(lake):
    first = {"o": {"s": "x"}, "l": ["x"], "k": [{"s": "x"}], "\ue000": "x"}
    lake.put("a.json", [first], FIRST)
    lake.run(days=[FIRST])
    line = '{"o": {"s": 1.10}, "l": [2.50, "a", 1E5], "k": [{"s": -0}], "\ue000": 0.10}'
    lake.put("b.json", line, SECOND)
    lake.run(days=[SECOND])
    [row] = lake.rows(day=SECOND)
    assert sorted(map(str, row.values())) == sorted(
        map(str, [{"s": "1.10"}, ["2.50", "a", "1E5"], [{"s": "-0"}], "0.10"])
    )


def test_a_guessed_json_double_takes_no_number_that_it_cannot_hold(lake):
    bad = ['{"a": 9007199254740993}', '{"a": 1e400}', '{"l": [1.5, 9007199254740993]}']
    lake.put("a.json", "\n".join(['{"a": 1.5, "l": [0.5]}', '{"a": 1e20}', *bad]))
    lake.run()
    assert sorted(lake.reasons()) == sorted(bad)
    assert lake.reasons()[bad[0]] == "column a: expected DOUBLE, found 9007199254740993"
    assert [row["a"] for row in lake.rows()] == [1.5, 1e20]


def test_single_quotes_are_no_json(lake):
    lake.put("a.json", "{'a': 1}\n{\"a\": 2}\n")
    lake.run()
    assert lake.reasons() == {"{'a': 1}": "not valid JSON"} and lake.rows() == [{"a": 2}]
    lake.sources["feed"]["schema"] = "a BIGINT"
    lake.run()
    assert lake.reasons() == {"{'a': 1}": "not valid JSON"}


def test_half_a_surrogate_pair_is_set_aside(lake):
    bad = [r'{"a": "\ud83d"}', r'{"a": "x\uDE00y"}', r'{"a": "\ude00\ud83d"}']
    good = [r'{"a": "\ud83d\uDE00"}', r'{"a": "\\ud83d"}']
    lake.put("a.json", "\n".join([*good, *bad]))
    lake.run()
    assert sorted(lake.reasons()) == sorted(bad)
    assert [row["a"] for row in lake.rows()] == ["\\ud83d", "\U0001f600"]
