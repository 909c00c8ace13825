"""Bytes → records, without Spark: quick, so every odd file is here."""

import bz2
import gzip
import json

import pytest
from lake import splitting
from lake.content import CHUNK_BYTES
from lake.shape import DOCUMENT, LINES, foreign_container, json_shape
from lake.splitting import RAW_LIMIT, split_file


def records(content, format="json"):
    return [json.loads(p.text) for p in split_file(content, format) if p.problem is None]


def problems(content, format="json"):
    return [(p.raw, p.problem) for p in split_file(content, format) if p.problem is not None]


A, B = {"a": 1}, {"a": "ü\n,"}


@pytest.mark.parametrize(
    "text",
    [
        '{"a": 1}\n{"a": "ü\\n,"}',
        '\n  {"a": 1}\r\n\r\n{"a": "ü\\n,"}\r\n',
        '[{"a": 1}, {"a": "ü\\n,"}]',
        ' \n[\n{"a": 1}\n,\n{"a": "ü\\n,"}\n]\n\n',
        '{\n  "a": 1\n}\n{\n  "a": "ü\\n,"\n}',
        '{"a": 1}{"a": "ü\\n,"}',
        '[{"a": 1}]\n[{"a": "ü\\n,"}]\n',
    ],
    ids=["lines", "crlf", "array", "pretty array", "pretty objects", "concatenated", "arrays"],
)
@pytest.mark.parametrize(
    "encode",
    [
        lambda text: text.encode(),
        lambda text: b"\xef\xbb\xbf" + text.encode(),
        lambda text: text.encode("utf-16"),
        lambda text: gzip.compress(text.encode()),
        lambda text: gzip.compress(text.encode()[:9]) + gzip.compress(text.encode()[9:]) + b"\0\0",
    ],
    ids=["utf-8", "byte-order mark", "utf-16", "gzip", "gzip of two members"],
)
def test_the_same_records_come_out_of_every_way_to_write_them(text, encode):
    content = encode(text)
    assert records(content) == [A, B]
    assert problems(content) == []


@pytest.mark.parametrize("content", [b"", b"\n \n", b"[]", b"[ ]\n", gzip.compress(b"")])
def test_a_file_without_records_has_none_and_no_problem(content):
    assert list(split_file(content, "json")) == []


def test_the_elements_of_an_array_keep_their_own_spelling():
    content = b'[{"a": 1.10, "b": 12345678901234567890}, 7, "x"]'
    texts = [piece.text for piece in split_file(content, "json")]
    assert texts == ['{"a": 1.10, "b": 12345678901234567890}', "7", '"x"']


def test_an_array_that_breaks_off_keeps_what_came_before_and_shows_the_rest():
    content = b'[{"a": 1}, {"a": 2}, {"a": 3'
    assert records(content) == [{"a": 1}, {"a": 2}]
    [(raw, reason)] = problems(content)
    assert raw == '{"a": 3' and "character 22" in reason


def test_an_array_without_a_comma_between_two_elements_is_no_array():
    content = b'[{"a": 1} {"a": 2}]'
    assert records(content) == [{"a": 1}]
    assert problems(content)[0][0] == '{"a": 2}]'


def test_bytes_that_are_no_utf8_spoil_their_own_record_only():
    for content in (b'{"a": 1}\n{"a": "\xff"}\n{"a": 2}', b'[{"a": 1}, {"a": "\xff"}, {"a": 2}]'):
        assert records(gzip.compress(content)) == [{"a": 1}, {"a": 2}]
        [(raw, reason)] = problems(gzip.compress(content))
        assert raw == '{"a": "\ufffd"}' and reason.startswith("not UTF-8")


def test_a_truncated_gzip_keeps_its_whole_lines_and_shows_the_broken_one():
    lines = b"".join(b'{"a": %d, "b": "%s"}\n' % (n, b"%x" % (n * 7919)) for n in range(2000))
    content = gzip.compress(lines)[:-2000]
    found = records(content)
    assert 0 < len(found) < 2000
    assert found == [json.loads(line) for line in lines.splitlines()[: len(found)]]
    [(raw, reason)] = problems(content)
    assert reason.startswith("gzip ends too early")
    assert lines.splitlines()[len(found)].startswith(raw.encode())


def test_a_gzip_that_lacks_only_its_checksum_is_shown_as_damaged():
    content = gzip.compress(b'{"a": 1}\n')[:-4]
    assert records(content) == [{"a": 1}]
    assert [raw for raw, _ in problems(content)] == [""]


def test_a_gzip_with_other_bytes_after_it_is_shown_as_damaged():
    content = gzip.compress(b'{"a": 1}\n') + b"more"
    assert records(content) == [{"a": 1}]
    assert "gzip is damaged" in problems(content)[0][1]


def test_a_line_longer_than_a_chunk_is_one_record_plain_and_gzip():
    line = json.dumps({"a": "x" * (3 * CHUNK_BYTES)}).encode()
    for content in (line + b"\n" + line, gzip.compress(line + b"\n" + line)):
        assert [len(row["a"]) for row in records(content)] == [3 * CHUNK_BYTES] * 2


def test_the_shown_rest_of_a_huge_broken_file_is_cut_and_says_so():
    content = b"[" + b"x" * (RAW_LIMIT + 5)
    [(raw, reason)] = problems(content)
    assert len(raw) == RAW_LIMIT and f"{RAW_LIMIT + 5} characters" in reason


@pytest.mark.parametrize(
    ("head", "complete", "shape"),
    [
        (b'{"a": 1}\n{"a": 2', False, LINES),
        (b'{"a": 1', False, LINES),
        (b'broken\n{"a": 1}', True, LINES),
        (b'{broken\n{"a": 1}\n', True, LINES),
        (b'{"a": 1},\n{"a": 2},\n', True, LINES),
        (b'{"a": 1} x\n{"a": 2} y\n', True, LINES),
        (b'{\n  "a": {\n    "b": 1', False, DOCUMENT),
        (b'{\n  "a": [\n    {"b": 1}\n', False, DOCUMENT),
        (b"42\n43\n", True, LINES),
    ],
)
def test_lines_and_documents_are_told_apart(head, complete, shape):
    assert json_shape(head, complete) == shape


def test_other_containers_are_known_by_their_magic_bytes():
    assert foreign_container(bz2.compress(b"{}")) == "bzip2"
    assert foreign_container(b"PK\x03\x04...") == "a zip archive"
    assert foreign_container(b"PAR1....") == "Parquet"
    assert foreign_container(b'{"a": 1}') is None


def test_a_csv_field_may_hold_newlines_quotes_and_commas():
    content = b'id,text\r\n1,"two\r\nlines, ""quoted"""\r\n2,plain\r\n'
    assert records(content, "csv") == [
        {"id": "1", "text": 'two\r\nlines, "quoted"'},
        {"id": "2", "text": "plain"},
    ]


def test_a_csv_keeps_columns_that_share_a_name_or_have_none():
    content = b"a,a,,a_2\n1,2,3,4\n"
    assert records(content, "csv") == [{"a": "1", "a_2": "2", "column_3": "3", "a_2_2": "4"}]


def test_an_empty_csv_field_is_null_and_an_empty_line_is_nothing():
    assert records(b"a,b\n1,\n\n,2\n", "csv") == [{"a": "1", "b": None}, {"a": None, "b": "2"}]


@pytest.mark.parametrize("content", [b"", b"a,b\n", b"a,b", b"\xef\xbb\xbfa,b\n"])
def test_a_csv_with_a_header_alone_has_no_records(content):
    assert list(split_file(content, "csv")) == []


def test_csv_rows_of_another_width_show_both_widths():
    content = b"a,b\n1\n1,2,3\n1,2\n"
    assert records(content, "csv") == [{"a": "1", "b": "2"}]
    assert problems(content, "csv") == [
        ("1", "1 fields where the header has 2"),
        ("1,2,3", "3 fields where the header has 2"),
    ]


def test_an_unclosed_quote_spoils_its_own_line_only():
    content = b'a,b\n1,"x\n' + b"".join(b"%d,y\n" % n for n in range(500))
    assert len(records(content, "csv")) == 500
    assert [raw for raw, _ in problems(content, "csv")] == ['1,"x']


def test_more_unclosed_quotes_than_are_rescued_still_lose_no_line(monkeypatch):
    monkeypatch.setattr(splitting, "RESCUES", 3)
    content = b"a,b\n" + b"".join(b'%d,"x\n' % n for n in range(9))
    shown = "\n".join(raw for raw, _ in problems(content, "csv"))
    assert shown.encode() == content.split(b"\n", 1)[1].rstrip()


def test_a_broken_csv_header_puts_every_row_into_quarantine():
    content = b'a,"b"x\n1,2\n3,4\n'
    assert records(content, "csv") == []
    assert [raw for raw, _ in problems(content, "csv")] == ['a,"b"x', "1,2", "3,4"]
    assert all("header" in reason for _, reason in problems(content, "csv"))


@pytest.mark.parametrize(
    "first", ['{"id": 1, "name": "x"}', "[", '[{"id": 1, "name": "x"},', '["id","x"]', "[[1, 2],"]
)
def test_json_is_no_csv_header_and_its_first_line_is_set_aside_with_the_others(first):
    content = f'{first}\n{{"id": 2, "name": "y"}}\n1,2\n'.encode()
    assert records(content, "csv") == []
    assert "\n".join(raw for raw, _ in problems(content, "csv")).encode() == content.rstrip()
    assert {reason for _, reason in problems(content, "csv")} == {
        "expected a CSV header, found JSON"
    }


def test_a_header_in_brackets_is_a_header():
    assert records(b"[id],[name]\n1,x\n", "csv") == [{"[id]": "1", "[name]": "x"}]


def test_a_csv_that_has_none_of_the_source_s_columns_has_no_header():
    content = b"7,seven\n8,eight\n"
    pieces = list(split_file(content, "csv", ["id", "name"]))
    assert [piece.raw for piece in pieces] == ["7,seven", "8,eight"]
    assert {piece.problem for piece in pieces} == {
        "expected one of the columns id, name, found 7, seven"
    }
    # Another spelling is a header's; whoever reads the records judges it.
    assert [p.text for p in split_file(b"ID,x\n1,2\n", "csv", ["id"])] == ['{"ID": "1", "x": "2"}']


def test_a_header_that_is_no_utf8_is_set_aside_with_its_rows():
    content = b"a,caf\xe9\n1,2\n"
    assert [raw for raw, _ in problems(content, "csv")] == ["a,caf\ufffd", "1,2"]
    assert records(content, "csv") == []


def test_csv_bytes_that_are_no_utf8_spoil_their_own_row_only():
    content = b"a,b\n1,caf\xe9\n2,ok\n"
    assert records(content, "csv") == [{"a": "2", "b": "ok"}]
    assert problems(content, "csv") == [("1,caf\ufffd", "not UTF-8")]


def test_the_last_row_of_a_truncated_csv_gzip_is_not_taken_for_a_whole_one():
    rows = b"".join(b"%d,%x\n" % (n, n * 7919) for n in range(5000))
    content = gzip.compress(b"a,b\n" + rows)[:-3000]
    found = [f"{row['a']},{row['b']}".encode() for row in records(content, "csv")]
    assert found == rows.splitlines()[: len(found)] and 0 < len(found) < 5000
    assert problems(content, "csv")[0][1].startswith("gzip ends too early")
