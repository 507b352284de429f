"""The settings of the server process: flags win over the environment, that over the file, that over the defaults.

(The settings of an instance are something else: its admins change them through SyncSettings.) The README has the table
of all of them; a test compares.
"""

from __future__ import annotations

import ipaddress
import json
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, InitSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict

ENVIRONMENT_PREFIX = "ACTIONSYNC_SERVER_"


class ConfigError(Exception):
    """A setting that cannot stand; the text says which and why."""


class Config(BaseSettings):
    """All settings of the process."""

    model_config = SettingsConfigDict(env_prefix=ENVIRONMENT_PREFIX, extra="forbid", frozen=True)

    listen: str = Field(
        default="127.0.0.1:50051", description="Address and port of the gRPC server; port 0 picks a free one."
    )
    data: Path = Field(
        default=Path("actionsync-data"), description="Folder of the store and the keys; created when it is missing."
    )
    metrics: str = Field(default="", description="Loopback address and port for Prometheus metrics; empty serves none.")
    tls_cert: Path | None = Field(
        default=None, description="Certificate chain (PEM); required off loopback, with `tls_key`."
    )
    tls_key: Path | None = Field(default=None, description="Private key (PEM) of the certificate.")
    tls_client_ca: Path | None = Field(
        default=None, description="CA (PEM) that client certificates must come from; unset asks for none."
    )
    secret_key: SecretStr = Field(
        default=SecretStr(""),
        description="Key that encrypts stored credentials, 32 bytes in base64; empty uses a file in `data`.",
    )
    new_secret_key: SecretStr = Field(
        default=SecretStr(""), description="Key that `rotate-secrets` seals with from now on, 32 bytes in base64."
    )
    allow_plain_http: bool = Field(
        default=False, description="Whether Marketo and Salesforce may be reached without TLS, for simulators."
    )
    workers: bool = Field(default=True, description="Whether this process runs the sync and delivery workers.")
    reflection: bool = Field(default=True, description="Whether the gRPC reflection service is offered.")
    longest_call: float = Field(default=30.0, gt=0, le=3600, description="Seconds that a unary call may take at most.")
    open_watches: int = Field(default=20, ge=1, description="Open watches that one caller may have.")
    open_calls: int = Field(default=200, ge=1, description="Unary calls that one caller may have in flight.")
    drain: float = Field(
        default=0.0, ge=0, description="Seconds between saying NOT_SERVING and refusing calls at a stop, for balancers."
    )
    grace: float = Field(default=10.0, ge=0, description="Seconds that calls in flight and workers each get at a stop.")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", description="The least level that is logged."
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Leave out pydantic's sources that we do not document."""
        return init_settings, env_settings

    @field_validator("listen", "metrics")
    @classmethod
    def _has_port(cls, value: str) -> str:
        if value:
            split_address(value)
        return value

    @model_validator(mode="after")
    def _is_safe(self) -> Config:
        if (self.tls_cert is None) != (self.tls_key is None):
            raise ValueError("tls_cert and tls_key go together")
        if self.tls_client_ca is not None and self.tls_cert is None:
            raise ValueError("tls_client_ca needs tls_cert and tls_key")
        if self.tls_cert is None and not is_loopback(self.listen):
            raise ValueError(f"listen {self.listen} is not a loopback address, so it needs tls_cert and tls_key")
        if self.metrics and not is_loopback(self.metrics):
            raise ValueError(f"metrics {self.metrics} is not a loopback address")
        return self


def load(file: Path | None, flags: Mapping[str, Any]) -> Config:
    """Return the settings from flags, environment and file (TOML, or JSON by its ending). Raises ConfigError."""
    written = {} if file is None else _read(file)

    class _WithFile(Config):
        @classmethod
        def settings_customise_sources(
            cls,
            settings_cls: type[BaseSettings],
            init_settings: PydanticBaseSettingsSource,
            env_settings: PydanticBaseSettingsSource,
            dotenv_settings: PydanticBaseSettingsSource,
            file_secret_settings: PydanticBaseSettingsSource,
        ) -> tuple[PydanticBaseSettingsSource, ...]:
            return init_settings, env_settings, InitSettingsSource(settings_cls, init_kwargs=written)

    try:
        return _WithFile(**{name: value for name, value in flags.items() if value is not None})
    except ValidationError as error:
        # Without the values: one of them may be a key.
        told = [f"{'.'.join(map(str, one['loc'])) or 'settings'}: {one['msg']}" for one in error.errors()]
        raise ConfigError("; ".join(told)) from None


def _read(file: Path) -> dict[str, Any]:
    try:
        text = file.read_text()
        values = json.loads(text) if file.suffix == ".json" else tomllib.loads(text)
    except (OSError, ValueError) as error:
        raise ConfigError(f"{file}: {error}") from error
    if not isinstance(values, dict):
        raise ConfigError(f"{file}: holds no table of settings")
    return values


def split_address(address: str) -> tuple[str, int]:
    """Return host and port of `host:port` or `[v6]:port`. Raises ValueError."""
    host, separator, port = address.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not separator or not host or not port.isdecimal() or int(port) > 65535:
        raise ValueError(f"{address!r} is not host:port")
    return host, int(port)


def is_loopback(address: str) -> bool:
    """Tell whether nobody outside this machine can reach `host:port`. A name other than localhost may be anywhere."""
    host, _ = split_address(address)
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def table() -> str:
    """Return the settings as the README shows them."""
    lines = ["| Setting | Environment | Default | Meaning |", "| --- | --- | --- | --- |"]
    for name, field in Config.model_fields.items():
        default = field.default.get_secret_value() if isinstance(field.default, SecretStr) else field.default
        shown = (
            ""
            if default is None or default == ""
            else f"`{str(default).lower() if isinstance(default, bool) else default}`"
        )
        lines.append(f"| `{name}` | `{ENVIRONMENT_PREFIX}{name.upper()}` | {shown} | {field.description} |")
    return "\n".join(lines)
