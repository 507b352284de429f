"""A certificate authority for one run, so that clients which insist on https and a vendor's host name can be served.

The private keys live in this process only. Clients trust the authority's certificate, which is all that is handed out.
"""

from __future__ import annotations

import ipaddress
import os
import ssl
import tempfile
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

if TYPE_CHECKING:
    from pathlib import Path

VALID_FROM, VALID_UNTIL = datetime(2020, 1, 1, tzinfo=UTC), datetime(2049, 12, 31, tzinfo=UTC)
"""Clients compare with their own clock, which need not be the simulator's: certificates hold at any time between."""

VENDOR_NAMES = (
    "*.mktorest.com",
    "login.salesforce.com",
    "test.salesforce.com",
    "api.pubsub.salesforce.com",
    "*.salesforce.com",
    "*.my.salesforce.com",
    "*.sandbox.my.salesforce.com",
    "*.develop.my.salesforce.com",
    "*.my.site.com",
)
OWN_NAMES = ("localhost", "127.0.0.1", "::1")

NAMES_REMEMBERED = 256


class Authority:
    """Signs server certificates for any name; made anew for each run."""

    def __init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "actionsync simulators (throw-away CA)")])
        self._certificate = self._sign_itself()
        self._server_key = ec.generate_private_key(ec.SECP256R1())

    def pem(self) -> bytes:
        """Return the authority's certificate, which clients are told to trust."""
        return self._certificate.public_bytes(serialization.Encoding.PEM)

    def write(self, file: Path) -> None:
        """Write the authority's certificate to a file, as a whole or not at all. Raises OSError."""
        handle, unfinished = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
        try:
            with os.fdopen(handle, "wb") as output:
                output.write(self.pem())
            os.chmod(unfinished, 0o644)
            os.replace(unfinished, file)
        except BaseException:
            os.unlink(unfinished)
            raise

    def server_pem(self, names: Iterable[str]) -> tuple[bytes, bytes]:
        """Return private key and certificate chain, in PEM, of a server with these host names and addresses."""
        key = self._server_key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        chain = self._sign(tuple(names)).public_bytes(serialization.Encoding.PEM) + self.pem()
        return key, chain

    def names(self, *, also: Iterable[str] = ()) -> tuple[str, ...]:
        """Return the names of a server that is this machine, `also` and every vendor."""
        return (*dict.fromkeys((*OWN_NAMES, *also)), *VENDOR_NAMES)

    def server_context(self, *, also: Iterable[str] = ()) -> ssl.SSLContext:
        """Return what a TLS server needs: the vendors' names, this machine's and `also`; any other name when asked for.

        A client that names a host which is not among them gets a certificate made for that name.
        """
        own = tuple(dict.fromkeys((*OWN_NAMES, *also)))
        standing = self._context((*own, *VENDOR_NAMES))
        covered = frozenset(name for name in own if not _is_address(name))

        @lru_cache(maxsize=NAMES_REMEMBERED)
        def made_for(name: str) -> ssl.SSLContext:
            return self._context((name,))

        def choose(connection: ssl.SSLObject | ssl.SSLSocket, name: str | None, _: ssl.SSLContext) -> None:
            if name and name not in covered and not any(covers(pattern, name) for pattern in VENDOR_NAMES):
                connection.context = made_for(name.lower())

        standing.sni_callback = choose
        return standing

    def _context(self, names: tuple[str, ...]) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.set_alpn_protocols(["http/1.1"])
        # The ssl module reads keys from files only: one that nobody else may read, gone when it has been read.
        handle, path = tempfile.mkstemp(prefix="actionsync-simulators-")
        try:
            with os.fdopen(handle, "wb") as output:
                output.write(b"".join(self.server_pem(names)))
            context.load_cert_chain(path)
        finally:
            os.unlink(path)
        return context

    def _sign_itself(self) -> x509.Certificate:
        return (
            self._for(self._name, self._key.public_key())
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_key_usage(signs_certificates=True), critical=True)
            .sign(self._key, hashes.SHA256())
        )

    def _sign(self, names: tuple[str, ...]) -> x509.Certificate:
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "actionsync simulators")])
        issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())
        return (
            self._for(subject, self._server_key.public_key())
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_key_usage(signs_certificates=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(x509.SubjectAlternativeName([_general_name(name) for name in names]), critical=False)
            .add_extension(issuer, critical=False)
            .sign(self._key, hashes.SHA256())
        )

    def _for(self, subject: x509.Name, key: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(VALID_FROM)
            .not_valid_after(VALID_UNTIL)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        )


def covers(pattern: str, name: str) -> bool:
    """Tell whether a certificate's name, with `*` for one whole label at its beginning, stands for this host."""
    pattern, name = pattern.lower(), name.lower()
    if not pattern.startswith("*."):
        return pattern == name
    label, dot, rest = name.partition(".")
    return bool(label and dot) and rest == pattern[2:]


def _key_usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _general_name(name: str) -> x509.GeneralName:
    return x509.IPAddress(ipaddress.ip_address(name)) if _is_address(name) else x509.DNSName(name)
