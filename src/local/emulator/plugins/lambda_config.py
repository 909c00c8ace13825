"""Lambda: the configuration of functions as the provider reads it back."""

from __future__ import annotations

from emulator.registry import patch, wrap


@patch(
    "lambda.configuration",
    gap="DeadLetterConfig, LoggingConfig and FileSystemConfigs are dropped; TracingConfig, "
    "EphemeralStorage and KMSKeyArn cannot be updated",
)
def configuration() -> None:
    from moto.awslambda.models import LambdaFunction

    kept = ("DeadLetterConfig", "LoggingConfig", "FileSystemConfigs")

    @wrap(LambdaFunction, "__init__")
    def init(original, self, account_id, spec, region, *args, **kwargs):
        original(self, account_id, spec, region, *args, **kwargs)
        self.kept_configuration = {name: spec[name] for name in kept if spec.get(name)}

    @wrap(LambdaFunction, "get_configuration")
    def get_configuration(original, self, on_create=False):
        config = {**original(self, on_create), **self.kept_configuration}
        default = {"LogFormat": "Text", "LogGroup": f"/aws/lambda/{self.function_name}"}
        config["LoggingConfig"] = {**default, **config.get("LoggingConfig", {})}
        return config

    @wrap(LambdaFunction, "update_configuration")
    def update_configuration(original, self, updates):
        self.kept_configuration.update({name: updates[name] for name in kept if name in updates})
        if "TracingConfig" in updates:
            self.tracing_config = updates["TracingConfig"]
        if "EphemeralStorage" in updates:
            self.ephemeral_storage = updates["EphemeralStorage"]["Size"]
        if "KMSKeyArn" in updates:
            self.kms_key_arn = updates["KMSKeyArn"]
        return original(self, updates)
