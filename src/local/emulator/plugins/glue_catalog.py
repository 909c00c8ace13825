"""Glue: what Iceberg's commits rely on in the catalog."""

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
