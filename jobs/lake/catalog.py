"""A source's Iceberg table in the Glue catalog: found, checked that it is ours, or made."""

from __future__ import annotations

from pyspark.sql import SparkSession
from pyspark.sql import types as T

from .errors import JobError, java_classes, java_message, outside_cause
from .layout import PARTITION_COLUMNS
from .placing import MAX_FILE_BYTES, ROW_GROUP_BYTES

#: Name of the Spark catalog that stands for Glue; the cluster's settings define it.
CATALOG = "lake"

#: How long a snapshot stays readable after another one took its place.
READER_MS = 24 * 60 * 60 * 1000

ROW_GROUP_SIZE = "write.parquet.row-group-size-bytes"
_MADE_BY_US = "lake.source"
_PROPERTIES = {
    "format-version": "2",
    "write.format.default": "parquet",
    "write.parquet.compression-codec": "snappy",
    "write.target-file-size-bytes": str(MAX_FILE_BYTES),
    ROW_GROUP_SIZE: str(ROW_GROUP_BYTES),
    "write.distribution-mode": "none",
    "write.metadata.delete-after-commit.enabled": "true",
    "write.metadata.previous-versions-max": "100",
    "history.expire.max-snapshot-age-ms": str(READER_MS),
}
_NO_TABLE = "org.apache.iceberg.exceptions.NoSuchTableException"
_OTHER_TABLE = "org.apache.iceberg.exceptions.NoSuchIcebergTableException"
#: Iceberg's, or that of Glue itself, in whichever package the cluster has its SDK.
_NO_DATABASE = ("NoSuchNamespaceException", "EntityNotFoundException")


class Catalog:
    """One table's place in it. ``name`` is ``<database>.<source>``."""

    def __init__(self, spark: SparkSession, name: str, location: str):
        self._jvm = spark._jvm
        self._catalog = _opened(spark)
        self._id = self._jvm.org.apache.iceberg.catalog.TableIdentifier.parse(name)
        self._name = name
        self._location = location

    def load(self):
        """Iceberg's table as it stands in the catalog now; None where there is none."""
        self._catalog.invalidateTable(self._id)
        try:
            table = self._catalog.loadTable(self._id)
        except Exception as error:
            kinds = java_classes(error)
            if _OTHER_TABLE in kinds:
                raise JobError(
                    f"table {self._name} of the Glue catalog is no Iceberg table; expected one, or "
                    "none: drop it (its files stay), then run all days of the source again, or "
                    'set layout = "parquet" for the source'
                ) from None
            if _NO_TABLE in kinds:
                return None
            raise
        self._check(table)
        return table

    def create(self, columns: T.StructType, source: str):
        text = [T.StructField(name, T.StringType()) for name in PARTITION_COLUMNS]
        schema = iceberg_schema(self._jvm, T.StructType([*columns.fields, *text]))
        spec = self._jvm.org.apache.iceberg.PartitionSpec.builderFor(schema)
        for name in PARTITION_COLUMNS:
            spec = spec.identity(name)
        properties = self._jvm.java.util.HashMap()
        # Files stand where the plain layout has them, in year=/month=/day= below the source.
        own = {"write.data.path": self._location, _MADE_BY_US: source}
        for key, value in {**_PROPERTIES, **own}.items():
            properties.put(key, value)
        try:
            return self._catalog.createTable(
                self._id, schema, spec.build(), self._location, properties
            )
        except Exception as error:
            if not any(kind.endswith(_NO_DATABASE) for kind in java_classes(error)):
                raise
            raise JobError(
                f"table {self._name}: the Glue catalog has no such database; deploy the environment"
            ) from None

    def _check(self, table) -> None:
        if _plain_uri(table.location()) != _plain_uri(self._location):
            raise JobError(
                f"table {self._name} stands at {table.location()}, expected {self._location}: "
                "another source or environment has it; rename the source, or drop the table"
            )
        spec = [(f.name(), f.transform().toString()) for f in table.spec().fields()]
        if spec != [(name, "identity") for name in PARTITION_COLUMNS]:
            found = ", ".join(f"{transform}({name})" for name, transform in spec) or "nothing"
            raise JobError(
                f"table {self._name} is partitioned by {found}, expected year, month, day: "
                "drop it and run all days of the source again"
            )


def is_unborn(table) -> bool:
    """Made by a first run that has not committed: nobody has seen its types."""
    return table.properties().get(_MADE_BY_US) is not None and table.currentSnapshot() is None


def lay_out(jvm, step, sort_by: list[str]) -> None:
    """Into a transaction on a table: what it is to keep of how its rows are laid out (placing.py).

    The order is for who rewrites its files without this job, such as a compaction of Glue's.
    """
    table = step.table()
    if table.properties().get(ROW_GROUP_SIZE) != str(ROW_GROUP_BYTES):
        step.updateProperties().set(ROW_GROUP_SIZE, str(ROW_GROUP_BYTES)).commit()
    order = [(f.sourceId(), f.direction().toString()) for f in table.sortOrder().fields()]
    if order != [(table.schema().findField(name).fieldId(), "ASC") for name in sort_by]:
        change = step.replaceSortOrder().caseSensitive(True)
        for name in sort_by:
            column = jvm.org.apache.iceberg.expressions.Expressions.ref(name)
            change = change.asc(column, jvm.org.apache.iceberg.NullOrder.NULLS_FIRST)
        change.commit()


def iceberg_schema(jvm, schema: T.StructType):
    kind = jvm.org.apache.spark.sql.types.DataType.fromJson(schema.json())
    return jvm.org.apache.iceberg.spark.SparkSchemaUtil.convert(kind)


def spark_schema(jvm, schema) -> T.StructType:
    convert = jvm.org.apache.iceberg.spark.SparkSchemaUtil.convert
    return T._parse_datatype_json_string(convert(schema).json())


def _opened(spark: SparkSession):
    remedy = (
        f"expected Spark's settings spark.sql.catalog.{CATALOG}.* and Iceberg's jar: deploy again"
    )
    if spark.conf.get(f"spark.sql.catalog.{CATALOG}", None) is None:
        raise JobError(f"Spark has no catalog {CATALOG!r}; {remedy}")
    try:
        catalog = spark._jsparkSession.sessionState().catalogManager().catalog(CATALOG)
        return catalog.icebergCatalog()
    except Exception as error:
        if not java_classes(error) or outside_cause(error):
            raise
        raise JobError(
            f"Spark's catalog {CATALOG!r} does not open: {java_message(error)}; {remedy}"
        ) from None


def _plain_uri(uri: str) -> str:
    scheme, colon, rest = uri.rstrip("/").partition(":")
    scheme = "s3" if scheme in ("s3a", "s3n") else scheme
    return f"{scheme}{colon}{'/' + rest.lstrip('/')}"
