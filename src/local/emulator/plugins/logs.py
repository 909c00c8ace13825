"""CloudWatch Logs: operations that moto lacks."""

from __future__ import annotations

from emulator.registry import patch


@patch(
    "logs.kms_key",
    gap="AssociateKmsKey and DisassociateKmsKey are missing: the provider retries for minutes "
    "where a log group that is there gets a key",
)
def kms_key() -> None:
    from moto.core.responses import EmptyResult
    from moto.logs.exceptions import ResourceNotFoundException
    from moto.logs.responses import LogsResponse

    def set_key(self, key: str | None) -> EmptyResult:
        name = self._get_param("logGroupName")
        if name not in self.logs_backend.groups:
            raise ResourceNotFoundException()
        self.logs_backend.groups[name].kms_key_id = key
        return EmptyResult()

    LogsResponse.associate_kms_key = lambda self: set_key(self, self._get_param("kmsKeyId"))
    LogsResponse.disassociate_kms_key = lambda self: set_key(self, None)
