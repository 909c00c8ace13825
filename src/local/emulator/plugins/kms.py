"""KMS: the rotation of a key as the provider reads it back."""

from __future__ import annotations

import json

from emulator.registry import patch, wrap

_DEFAULT_DAYS = (
    365  # https://docs.aws.amazon.com/kms/latest/APIReference/API_EnableKeyRotation.html
)


@patch(
    "kms.rotation_period",
    gap="GetKeyRotationStatus omits RotationPeriodInDays: every plan wants to change the key",
)
def rotation_period() -> None:
    from moto.kms.responses import KmsResponse

    @wrap(KmsResponse, "enable_key_rotation")
    def enable_key_rotation(original, self):
        answer = original(self)  # refuses a key that is not there
        key = self.kms_backend.keys[self.kms_backend.get_key_id(self._get_param("KeyId"))]
        key.rotation_days = self._get_param("RotationPeriodInDays") or _DEFAULT_DAYS
        return answer

    @wrap(KmsResponse, "get_key_rotation_status")
    def get_key_rotation_status(original, self):
        answer = json.loads(original(self))
        key = self.kms_backend.keys[self.kms_backend.get_key_id(self._get_param("KeyId"))]
        if answer["KeyRotationEnabled"]:
            answer["RotationPeriodInDays"] = getattr(key, "rotation_days", _DEFAULT_DAYS)
        return json.dumps(answer)
