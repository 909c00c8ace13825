"""Lake Formation: the end of permissions."""

from __future__ import annotations

from emulator.registry import patch, wrap


@patch(
    "lakeformation.revoke",
    gap="RevokePermissions of what is not granted succeeds; AWS says InvalidInputException, and "
    "the provider revokes until it does",
)
def revoke() -> None:
    from moto.lakeformation import models

    @wrap(models.PermissionCatalog, "remove_permission")
    def remove_permission(original, self, permission):
        if not any(permission.equal_principal_and_resouce(p) for p in self.permissions):
            raise models.InvalidInput(
                "No permissions revoked. Grantee has no permissions on the resource."
            )
        return original(self, permission)
