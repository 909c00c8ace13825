"""Athena: operations that moto lacks."""

from __future__ import annotations

from typing import Any

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


@patch(
    "athena.update_work_group",
    gap="UpdateWorkGroup is missing: the provider asks for minutes, and nothing of it can change",
)
def update_work_group() -> None:
    from moto.athena.exceptions import InvalidArgumentException
    from moto.athena.responses import AthenaResponse
    from moto.core.responses import EmptyResult

    def update(self) -> EmptyResult:
        group = self.athena_backend.work_groups.get(self._get_param("WorkGroup"))
        if group is None:
            raise InvalidArgumentException("WorkGroup is not found.")
        group.description = self._get_param("Description") or group.description
        group.state = self._get_param("State") or group.state
        _merge(group.configuration, self._get_param("ConfigurationUpdates") or {})
        return EmptyResult()

    AthenaResponse.update_work_group = update


def _merge(settings: dict[str, Any], updates: dict[str, Any]) -> None:
    """`RemoveX: true` takes X away; `XUpdates` are updates of X; the rest takes the place of X."""
    for name, value in updates.items():
        if name.startswith("Remove"):
            if value:
                settings.pop(name.removeprefix("Remove"), None)
        elif name.endswith("Updates"):
            _merge(settings.setdefault(name.removesuffix("Updates"), {}), value)
        else:
            settings[name] = value
