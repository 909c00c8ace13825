"""Glue crawlers: tables and partitions from the Parquet files below the crawler's S3 targets."""

from __future__ import annotations

import fnmatch
import io
import json
import threading
import time
import urllib.parse
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any

from botocore.exceptions import ClientError

from emulator import calls
from emulator.registry import patch, wrap
from emulator.runtime import LOG, background, client, split_s3_uri

# A real crawl takes a minute; these let both states be seen.
RUNNING_SECONDS = 0.5
STOPPING_SECONDS = 0.3


class CrawlFailed(Exception):
    """The message stands in LastCrawl."""


@dataclass
class Folder:
    """One table to be: its files, and the partition folders that hold them."""

    bucket: str
    prefix: str  # with a slash at its end
    name: str
    keys: list[str] = field(default_factory=list)
    size: int = 0


def crawl(crawler: Any, region: str) -> dict[str, int]:
    """Crawls every S3 target; the numbers are for the log."""
    folders: list[Folder] = []
    for target in crawler.targets.get("S3Targets") or []:
        folders += list_folders(client("s3", region, crawler.role), target)
    counts = {"tables": 0, "partitions": 0, "files": 0}
    for folder in folders:
        counts["partitions"] += _write_table(crawler, folder, region)
        counts["tables"] += 1
        counts["files"] += len(folder.keys)
    return counts


def list_folders(s3: Any, target: dict[str, Any]) -> list[Folder]:
    """The tables of a target: itself if it holds files or partitions, else each folder in it."""
    from emulator.parquet_schema import is_data, table_name

    bucket, prefix = split_s3_uri(target["Path"])
    prefix = prefix.rstrip("/") + "/" if prefix.strip("/") else ""
    found: dict[str, Folder] = {}
    try:
        pages = list(s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix))
    except ClientError as problem:
        raise CrawlFailed(f"{target['Path']}: {problem.response['Error']['Message']}") from problem
    for entry in (entry for page in pages for entry in page.get("Contents", [])):
        below = entry["Key"][len(prefix) :].split("/")
        if not entry["Size"] or not all(map(is_data, below)) or _excluded(below, target):
            continue
        own = []
        for part in below[:-1]:  # folders above the first key=value are the table's path
            if "=" in part:
                break
            own.append(part)
        own = own[:1]  # deeper folders without a key belong to their first one
        path = prefix + "".join(f"{part}/" for part in own)
        name = own[-1] if own else (prefix.rstrip("/").split("/")[-1] or bucket)
        folder = found.setdefault(path, Folder(bucket, path, table_name(name)))
        folder.keys.append(entry["Key"])
        folder.size += entry["Size"]
    return list(found.values())


def _excluded(below: list[str], target: dict[str, Any]) -> bool:
    path = "/".join(below)
    patterns = [p.replace("**/", "*").replace("**", "*") for p in target.get("Exclusions") or []]
    return any(fnmatch.fnmatchcase(path, pattern) for pattern in patterns)


def _read_schemas(folder: Folder, s3: Any) -> tuple[list[Any], int]:
    import pyarrow as pa

    from emulator.parquet_schema import read_schema

    schemas, rows = [], 0
    for key in folder.keys:
        body = s3.get_object(Bucket=folder.bucket, Key=key)["Body"].read()
        try:
            schema, count = read_schema(io.BytesIO(body))
        except (pa.ArrowInvalid, OSError) as problem:
            uri = f"s3://{folder.bucket}/{key}"
            raise CrawlFailed(f"{uri} is not a readable Parquet file: {problem}") from problem
        schemas.append(schema)
        rows += count
    return schemas, rows


def _write_table(crawler: Any, folder: Folder, region: str) -> int:
    from emulator.parquet_schema import PARQUET, columns_of, partition_of

    schemas, rows = _read_schemas(folder, client("s3", region, crawler.role))
    location = f"s3://{folder.bucket}/{folder.prefix}"
    partitions = {}
    for key in folder.keys:
        below = key[len(folder.prefix) :].split("/")[:-1]
        pairs = partition_of(below)
        if pairs:
            partitions[tuple(pairs)] = location + "/".join(below) + "/"
    names = [name for name, _ in max(partitions, key=len, default=())]
    columns = [c for c in columns_of(schemas) if c["Name"] not in names]
    parameters = {
        "CrawlerSchemaDeserializerVersion": "1.0",
        "CrawlerSchemaSerializerVersion": "1.0",
        "UPDATED_BY_CRAWLER": crawler.name,
        "averageRecordSize": str(folder.size // rows if rows else 0),
        "classification": "parquet",
        "compressionType": "none",
        "objectCount": str(len(folder.keys)),
        "recordCount": str(rows),
        "sizeKey": str(folder.size),
        "typeOfData": "file",
    }
    storage = {**PARQUET, "Columns": columns, "Location": location, "Parameters": parameters}
    storage |= {"Compressed": False, "NumberOfBuckets": -1, "StoredAsSubDirectories": False}
    table = {
        "Name": (crawler.table_prefix or "") + folder.name,
        "Owner": "owner",
        "TableType": "EXTERNAL_TABLE",
        "Parameters": parameters,
        "PartitionKeys": [{"Name": name, "Type": "string"} for name in names],
        "StorageDescriptor": storage,
    }
    glue = client("glue", region, crawler.role)
    _put_table(glue, crawler, table)
    return _put_partitions(glue, crawler, table, partitions, len(names))


def _put_table(glue: Any, crawler: Any, table: dict[str, Any]) -> None:
    database = crawler.database_name
    try:
        known = glue.get_table(DatabaseName=database, Name=table["Name"])["Table"]
    except glue.exceptions.EntityNotFoundException:
        try:
            glue.create_table(DatabaseName=database, TableInput=table)
        except glue.exceptions.EntityNotFoundException as problem:
            raise CrawlFailed(f"Database {database} not found") from problem
        return
    policy = crawler.schema_change_policy or {}
    if policy.get("UpdateBehavior", "UPDATE_IN_DATABASE") == "LOG":
        old = known["StorageDescriptor"]["Columns"]
        table["StorageDescriptor"] = {**table["StorageDescriptor"], "Columns": old}
    else:
        # A column that no file has any more stays: with DeleteBehavior LOG nothing is dropped.
        storage = table["StorageDescriptor"]
        present = {c["Name"] for c in storage["Columns"] + table["PartitionKeys"]}
        gone = [c for c in known["StorageDescriptor"]["Columns"] if c["Name"] not in present]
        if policy.get("DeleteBehavior", "LOG") == "LOG":
            storage["Columns"] = storage["Columns"] + gone
    if not table["PartitionKeys"]:
        table["PartitionKeys"] = known.get("PartitionKeys", [])
    glue.update_table(DatabaseName=database, TableInput=table)


def _put_partitions(
    glue: Any, crawler: Any, table: dict[str, Any], partitions: dict[Any, str], depth: int
) -> int:
    """Registers what is new; a partition whose files are gone stays, as DeleteBehavior LOG says."""
    target = {"DatabaseName": crawler.database_name, "TableName": table["Name"]}
    known: set[tuple[str, ...]] = set()
    for page in glue.get_paginator("get_partitions").paginate(**target):
        known |= {tuple(p["Values"]) for p in page["Partitions"]}
    inputs = []
    for pairs, location in sorted(partitions.items()):
        values = [urllib.parse.unquote(value) for _, value in pairs]
        if len(values) == depth and tuple(values) not in known:
            known.add(tuple(values))
            storage = {**table["StorageDescriptor"], "Location": location}
            inputs.append({"Values": values, "StorageDescriptor": storage})
    for first in range(0, len(inputs), 100):
        batch = inputs[first : first + 100]
        answer = glue.batch_create_partition(**target, PartitionInputList=batch)
        if answer.get("Errors"):
            raise CrawlFailed(json.dumps(answer["Errors"][0]))
    return len(inputs)


@patch(
    "glue.crawl",
    gap="a crawl makes no tables and cannot fail; LastCrawl says COMPLETED (AWS: SUCCEEDED) and "
    "the crawler leaves RUNNING only when it is looked at; no events",
)
def crawls() -> None:
    from moto.glue import exceptions, models

    lock = threading.Lock()

    def record_logs(crawler: Any) -> None:
        """
        Nothing is logged here. On AWS a crawl makes, and writes to, the group of all crawlers of
        the account; with a security configuration to one of its role and that configuration, which
        it puts under the key:
        https://docs.aws.amazon.com/glue/latest/dg/encryption-security-configuration.html
        """
        role, region = calls.role_arn(crawler.role), crawler.backend.region_name
        group, keyed = "/aws-glue/crawlers", crawler.crawler_security_configuration
        if keyed:
            group += f"-role/{role.split(':role/')[1]}-{keyed}"
        calls.record_log_group(role, region, group)
        if keyed:
            calls.record_log_group(role, region, group, "AssociateKmsKey")
        calls.record_log_writes(role, region, group, crawler.name)

    def publish(crawler: Any, state: str, **more: Any) -> None:
        from moto.events.models import events_backends

        detail = {"crawlerName": crawler.name, "state": state, **more}
        kind = "Glue Crawler State Change"
        entry = {"Source": "aws.glue", "DetailType": kind, "Detail": json.dumps(detail)}
        backend = crawler.backend
        events_backends[backend.account_id][backend.region_name].put_events([entry])

    def run(crawler: Any, started: dict[str, Any]) -> None:
        began = time.monotonic()
        try:
            counts = crawl(crawler, crawler.backend.region_name)
            outcome = {"Status": "SUCCEEDED"}
            LOG.info("crawler %s: %s", crawler.name, counts)
        except Exception as problem:  # whatever it is: the crawl has failed, and says why
            LOG.warning("crawler %s: %s", crawler.name, problem)
            outcome = {"Status": "FAILED", "ErrorMessage": str(problem)[:2000]}
        time.sleep(max(0.0, RUNNING_SECONDS - (time.monotonic() - began)))
        crawler.crawl_state = "STOPPING"
        time.sleep(STOPPING_SECONDS)
        if crawler.stop_requested:
            outcome = {"Status": "CANCELLED"}
        crawler.last_crawl = {**started, **outcome}
        crawler.crawl_elapsed_time = 0
        crawler.crawl_state = "READY"
        publish(crawler, outcome["Status"].title(), message=outcome.get("ErrorMessage", ""))

    @wrap(models.FakeCrawler, "__init__")
    def init(original, self, *args, **kwargs):
        original(self, *args, **kwargs)
        self.crawl_state, self.last_crawl, self.stop_requested = "READY", None, False

    @wrap(models.FakeCrawler, "start_crawler")
    def start_crawler(original, self):
        with lock:
            if self.crawl_state != "READY":
                raise exceptions.CrawlerRunningException(
                    f"Crawler with name {self.name} has already started"
                )
            self.crawl_state, self.stop_requested = "RUNNING", False
        started = {
            "LogGroup": "/aws-glue/crawlers",
            "LogStream": self.name,
            "MessagePrefix": f"{int(time.time()):x}",
            "StartTime": datetime.now(timezone.utc),
        }
        record_logs(self)
        publish(self, "Started")
        background(f"crawler {self.name}", run, self, started)

    @wrap(models.FakeCrawler, "stop_crawler")
    def stop_crawler(original, self):
        if self.crawl_state != "RUNNING":
            raise exceptions.CrawlerNotRunningException(
                f"Crawler with name {self.name} isn't running"
            )
        self.crawl_state, self.stop_requested = "STOPPING", True

    @wrap(models.FakeCrawler, "as_dict")
    def as_dict(original, self):
        described = {**original(self), "State": self.crawl_state}
        described.pop("LastCrawl", None)
        if self.last_crawl:
            described["LastCrawl"] = self.last_crawl
        return described
