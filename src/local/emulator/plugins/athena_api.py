"""Athena: operations that moto lacks."""

from __future__ import annotations

from emulator.registry import patch


@patch("athena.delete", gap="DeleteNamedQuery and DeleteDataCatalog are missing: no destroy")
def delete() -> None:
    from moto.athena.responses import AthenaResponse
    from moto.core.responses import EmptyResult

    def delete_named_query(self) -> EmptyResult:
        self.athena_backend.named_queries.pop(self._get_param("NamedQueryId"), None)
        return EmptyResult()

    def delete_data_catalog(self) -> EmptyResult:
        self.athena_backend.data_catalogs.pop(self._get_param("Name"), None)
        return EmptyResult()

    AthenaResponse.delete_named_query = delete_named_query
    AthenaResponse.delete_data_catalog = delete_data_catalog
