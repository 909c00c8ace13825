"""Files that are too large for the memory there is: refused by name, never a hang; and how little
of a file is held at once."""

import gzip
import json
import random
import tracemalloc

import pytest
from lake import content, document, job
from lake.content import TooLarge
from lake.memory import MOST_BYTES, RESERVED_BYTES, SHARE, whole_file_limit
from lake.splitting import split_file

MB = 1024**2


@pytest.mark.parametrize(
    ("name", "source", "text"),
    [
        ("a.csv", "table", b"a\n1\n2\n3\n4\n5\n6\n"),
        ("a.json", "feed", b'[{"a": 1}, {"a": 2}]'),
        ("a.json.gz", "feed", gzip.compress(b'{"a": 1}\n')),
    ],
)
def test_a_file_too_large_for_one_worker_is_refused_before_it_is_read(
    lake, capsys, monkeypatch, name, source, text
):
    monkeypatch.setattr("lake.reading.whole_file_limit", lambda _: len(text) - 1)
    path = lake.put(name, text, source=source)
    line = lake.fail(capsys, source)
    assert f"{path} has {len(text)} bytes; expected at most {len(text) - 1} " in line
    assert "in parts, or as plain JSON lines" in line and "raise spark_executor_memory" in line
    monkeypatch.setattr("lake.reading.whole_file_limit", lambda _: len(text))
    assert lake.run(source)["rows_written"] > 0


def test_plain_json_lines_of_any_size_are_read(lake, monkeypatch):
    monkeypatch.setattr("lake.reading.whole_file_limit", lambda _: 1)
    lake.put("a.json", '{"a": 1}\n{"a": 2}\n')
    assert lake.run()["rows_written"] == 2


class Cluster:
    """A session with a cluster's settings; ``jvm`` is a real one."""

    def __init__(self, jvm, master="yarn", **settings):
        self._jvm = jvm
        self.master = master
        self._settings = {f"spark.{k.replace('_', '.')}": v for k, v in settings.items()}

    @property
    def sparkContext(self):  # noqa: N802
        return self

    def getConf(self):  # noqa: N802
        return self._settings


@pytest.mark.parametrize(
    ("settings", "heap", "tasks"),
    [
        ({"executor_memory": "7g", "executor_cores": "2"}, 7 * 1024 * MB, 2),
        ({"executor_memory": "512m"}, 512 * MB, 1),
        ({"executor_memory": "4g", "executor_cores": "4", "task_cpus": "2"}, 4096 * MB, 2),
        ({"executor_memory": "4g", "executor_cores": "1", "task_cpus": "2"}, 4096 * MB, 1),
        ({"executor_memory": "200g", "executor_cores": "2"}, None, 2),
    ],
)
def test_the_limit_is_a_share_of_what_a_task_has_of_its_executor(spark, settings, heap, tasks):
    expected = MOST_BYTES if heap is None else (heap - RESERVED_BYTES) // SHARE // tasks
    assert whole_file_limit(Cluster(spark._jvm, **settings)) == expected


def test_where_the_driver_does_the_work_its_heap_counts(spark):
    heap = spark._jvm.java.lang.Runtime.getRuntime().maxMemory() - RESERVED_BYTES
    assert whole_file_limit(spark) == heap // SHARE // 2
    cores = spark._jvm.java.lang.Runtime.getRuntime().availableProcessors()
    for master, tasks in (("local", 1), ("local[3]", 3), ("local[4, 2]", 4), ("local[*]", cores)):
        found = whole_file_limit(Cluster(spark._jvm, master, executor_memory="99g"))
        assert found == heap // (SHARE * tasks)


LONG = content.HELD_LIMIT + MB


@pytest.mark.parametrize(
    ("source", "around"),
    [
        ("feed", ('{"a": 1}\n{"a": "', '"}\n{"a": 2}\n')),
        ("feed", ('[{"a": 1}, {"a": "', '"}, {"a": 2}]')),
        ("table", ("a\n1\n", "\n2\n")),
    ],
    ids=["lines", "array", "csv"],
)
def test_a_small_file_that_unpacks_to_a_huge_record_is_refused_by_its_name(
    lake, capsys, source, around
):
    before, after = [text.encode() for text in around]
    packed = gzip.compress(before + b"x" * LONG + after, 1)
    path = lake.put("a.gz", packed, source=source)
    line = lake.fail(capsys, source)
    limit = content.HELD_LIMIT
    assert f"{path}: a line or JSON value of more than {limit} bytes; expected records" in line
    assert "one JSON object a line" in line
    assert lake.files(source=source) == []


def test_a_record_that_is_no_more_than_held_is_not_refused(monkeypatch):
    for module in (content, document):
        monkeypatch.setattr(module, "HELD_LIMIT", 200_000)
    monkeypatch.setattr(content, "CHUNK_BYTES", 10_000)
    for form in ("%s\n%s\n", "[%s,%s]"):
        fits = json.dumps({"a": "x" * 150_000})
        assert len(list(split_file((form % (fits, fits)).encode(), "json"))) == 2
        with pytest.raises(TooLarge):
            list(split_file((form % (fits, json.dumps({"a": "x" * 300_000}))).encode(), "json"))


@pytest.mark.parametrize("shape", ["lines", "array", "pretty", "csv"])
def test_no_more_of_a_file_is_held_than_a_few_records(shape):
    rows = 60_000
    record = json.dumps({"a": "x" * 400}, indent=1 if shape == "pretty" else None)
    text = {
        "lines": f"{record}\n" * rows,
        "array": "[" + ",\n".join([record] * rows) + "]",
        "pretty": f"{record}\n" * rows,
        "csv": "a\n" + f"{'x' * 400}\n" * rows,
    }[shape]
    packed = gzip.compress(text.encode(), 1)
    assert len(text) > 20 * MB and len(packed) < MB
    pieces = [packed[at : at + 1000] for at in range(0, len(packed), 1000)]
    del text
    tracemalloc.start()
    try:
        found = split_file(iter(pieces), "csv" if shape == "csv" else "json")
        assert sum(piece.problem is None for piece in found) == rows
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 12 * MB


def _json(chance: random.Random, depth: int = 0):
    kind = chance.randrange(8 if depth < 3 else 5)
    if kind < 5:
        return chance.choice(
            [1, -2.5e-10, 12345678901234567890, None, True, "ü\n,", '"q]}', "日😀"]
        )
    inner = [_json(chance, depth + 1) for _ in range(chance.randrange(3))]
    return inner if kind == 5 else {f"k{at}": value for at, value in enumerate(inner)}


def test_where_a_file_is_cut_into_pieces_makes_no_difference(monkeypatch):
    chance = random.Random(20251109)
    for _ in range(1500):
        inner = [_json(chance) for _ in range(chance.randrange(4))]
        texts = [json.dumps(inner, indent=chance.choice([None, 1]), ensure_ascii=False)]
        texts += [json.dumps({"k": inner})] * chance.randrange(3)
        text = bytearray(chance.choice(["", " ", "\n"]).join(texts).encode())
        for _ in range(chance.randrange(3)):  # at times it is broken
            text[chance.randrange(len(text))] = chance.choice(b'[]{},:"0 \xff')
        whole = bytes(text)
        if chance.random() < 0.3:
            whole = gzip.compress(whole)[: -chance.randrange(12) or None]
        size = chance.choice([1, 2, 3, 7])
        expected = list(document_pieces([whole]))
        monkeypatch.setattr(content, "CHUNK_BYTES", size)
        cut = [whole[at : at + size] for at in range(0, len(whole), size)]
        assert list(document_pieces(cut)) == expected, whole
        monkeypatch.undo()


def document_pieces(chunks):
    """As a document, whatever the first lines look like."""
    try:
        yield from document.values(content.utf8_chunks(iter(chunks)), 50)
    except document.Broken as broken:
        yield str(broken), broken.rest


def test_memory_that_runs_out_is_a_message_that_names_the_largest_file(lake, capsys, monkeypatch):
    lake.put("small.json", [{"a": 1}])
    path = lake.put("large.json", [{"a": n} for n in range(100)])
    jvm = lake.spark._jvm

    def out_of_memory(_):
        failed = jvm.java.util.concurrent.CompletableFuture()
        failed.completeExceptionally(jvm.java.lang.OutOfMemoryError("Java heap space"))
        failed.join()

    def ended(_):
        raise ConnectionRefusedError(111, "Connection refused")

    for failing in (out_of_memory, ended):
        monkeypatch.setattr(job, "_measured", failing)
        line = lake.fail(capsys)
        assert f"{path} of {path.stat().st_size} bytes and 1 more" in line
        assert "raise spark_executor_memory" in line
