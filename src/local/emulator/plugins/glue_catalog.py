"""Glue: what Iceberg's commits rely on in the catalog, and changes to a crawler."""

from __future__ import annotations

import threading

from emulator.registry import patch, wrap


@patch(
    "glue.table_version",
    gap="UpdateTable ignores VersionId, on which AWS refuses what another commit has overtaken: of "
    "two Iceberg commits at once one would be lost without a word",
)
def table_version() -> None:
    from moto.core.exceptions import JsonRESTError
    from moto.glue.models import GlueBackend
    from moto.glue.responses import GlueResponse

    lock = threading.Lock()

    @wrap(GlueResponse, "update_table")
    def update_table(original, self):
        expected = self.parameters.get("VersionId")
        with lock:
            if expected is not None:
                table = self.glue_backend.get_table(
                    self.parameters["DatabaseName"], self.parameters["TableInput"]["Name"]
                )
                if expected != str(table._current_version):
                    raise JsonRESTError(
                        "ConcurrentModificationException",
                        "Update table failed due to concurrent modifications.",
                    )
            return original(self)

    @wrap(GlueBackend, "create_table")
    def create_table(original, self, *args, **kwargs):
        with lock:  # two at once: one of them is told AlreadyExistsException
            return original(self, *args, **kwargs)


# What UpdateCrawler may change, by the attribute in which moto keeps it.
# https://docs.aws.amazon.com/glue/latest/webapi/API_UpdateCrawler.html
_CRAWLER = {
    "Role": "role",
    "DatabaseName": "database_name",
    "Description": "description",
    "Targets": "targets",
    "Schedule": "schedule",
    "Classifiers": "classifiers",
    "TablePrefix": "table_prefix",
    "SchemaChangePolicy": "schema_change_policy",
    "RecrawlPolicy": "recrawl_policy",
    "LineageConfiguration": "lineage_configuration",
    "Configuration": "configuration",
    "CrawlerSecurityConfiguration": "crawler_security_configuration",
}


@patch(
    "glue.update_crawler",
    gap="UpdateCrawler is missing: the provider retries for minutes, and no crawler can change",
)
def update_crawler() -> None:
    from moto.core.responses import EmptyResult
    from moto.core.utils import utcnow
    from moto.glue.responses import GlueResponse

    def update(self) -> EmptyResult:
        crawler = self.glue_backend.get_crawler(self.parameters.get("Name"))
        for name, attribute in _CRAWLER.items():
            if name in self.parameters:
                setattr(crawler, attribute, self.parameters[name])
        crawler.version += 1
        crawler.last_updated = utcnow()
        return EmptyResult()

    GlueResponse.update_crawler = update
