"""TLS as configured: the server shows its certificate, and with a client CA asks for one."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import grpc
import pytest
from actionsync_server.app import App
from actionsync_server.config import Config, ConfigError
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from grpc_health.v1 import health_pb2, health_pb2_grpc
from harness.clock import SharedClock

pytestmark = pytest.mark.asyncio


@dataclass(frozen=True)
class Pair:
    """A self-signed certificate and its key, as files."""

    cert: Path
    key: Path


def _pair(folder: Path, name: str) -> Pair:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    cert = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pair = Pair(folder / f"{name}.pem", folder / f"{name}-key.pem")
    pair.cert.write_bytes(cert.public_bytes(serialization.Encoding.PEM))
    private = (serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    pair.key.write_bytes(key.private_bytes(serialization.Encoding.PEM, *private))
    return pair


async def _check(address: str, credentials: grpc.ChannelCredentials | None) -> int:
    opened = (
        grpc.aio.insecure_channel(address) if credentials is None else grpc.aio.secure_channel(address, credentials)
    )
    async with opened as channel:
        answer = await health_pb2_grpc.HealthStub(channel).Check(health_pb2.HealthCheckRequest(), timeout=10)
        return int(answer.status)


async def test_callers_need_to_trust_the_certificate(tmp_path: Path, clock: SharedClock) -> None:
    server = _pair(tmp_path, "server")
    config = Config(listen="127.0.0.1:0", data=tmp_path / "data", tls_cert=server.cert, tls_key=server.key)
    async with App(config, clock=clock) as app:
        trusting = grpc.ssl_channel_credentials(server.cert.read_bytes())
        assert await _check(app.address, trusting) == health_pb2.HealthCheckResponse.SERVING
        for credentials in (None, grpc.ssl_channel_credentials(_pair(tmp_path, "other").cert.read_bytes())):
            with pytest.raises(grpc.aio.AioRpcError):
                await _check(app.address, credentials)


async def test_with_a_client_ca_callers_need_a_certificate_too(tmp_path: Path, clock: SharedClock) -> None:
    server, client = _pair(tmp_path, "server"), _pair(tmp_path, "client")
    config = Config(
        listen="127.0.0.1:0",
        data=tmp_path / "data",
        tls_cert=server.cert,
        tls_key=server.key,
        tls_client_ca=client.cert,
    )
    async with App(config, clock=clock) as app:
        root = server.cert.read_bytes()
        known = grpc.ssl_channel_credentials(root, client.key.read_bytes(), client.cert.read_bytes())
        assert await _check(app.address, known) == health_pb2.HealthCheckResponse.SERVING
        with pytest.raises(grpc.aio.AioRpcError):
            await _check(app.address, grpc.ssl_channel_credentials(root))


async def test_a_certificate_that_cannot_be_read_is_a_setting_that_cannot_stand(
    tmp_path: Path, clock: SharedClock
) -> None:
    config = Config(
        listen="127.0.0.1:0", data=tmp_path / "data", tls_cert=tmp_path / "none.pem", tls_key=tmp_path / "none.pem"
    )
    with pytest.raises(ConfigError, match="TLS"):
        await App(config, clock=clock).__aenter__()
