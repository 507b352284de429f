"""Where the Pub/Sub API of an org is, and the channel to it."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

import grpc

SALESFORCE_HOSTS = ".salesforce.com"
SALESFORCE_ADDRESS = "api.pubsub.salesforce.com:7443"

_MILLISECONDS = 1_000
#: Servers of gRPC take pings that come more often than each 5 minutes for an attack. A stream that says nothing for
#: longer than its signs of life allow is given up anyway; the pings keep boxes on the way from forgetting it.
_KEEPALIVE_SECONDS, _KEEPALIVE_PATIENCE_SECONDS = 300, 20
_LONGEST_RECONNECT_SECONDS = 60
#: A response may have a hundred events, each up to 1 MB.
_LARGEST_RESPONSE = 128 << 20


@dataclass(frozen=True, slots=True)
class Endpoint:
    """host:port of the Pub/Sub API, and whether it is reached over TLS."""

    address: str
    secure: bool

    def channel(self) -> grpc.aio.Channel:
        """Return a channel, which connects when it is used. The caller closes it."""
        options = [
            ("grpc.keepalive_time_ms", _KEEPALIVE_SECONDS * _MILLISECONDS),
            ("grpc.keepalive_timeout_ms", _KEEPALIVE_PATIENCE_SECONDS * _MILLISECONDS),
            ("grpc.max_reconnect_backoff_ms", _LONGEST_RECONNECT_SECONDS * _MILLISECONDS),
            ("grpc.max_receive_message_length", _LARGEST_RESPONSE),
            # Channels of the same address would share a connection, and one org's trouble would be the other's.
            ("grpc.use_local_subchannel_pool", 1),
        ]
        if self.secure:
            return grpc.aio.secure_channel(self.address, grpc.ssl_channel_credentials(), options=options)
        return grpc.aio.insecure_channel(self.address, options=options)


def endpoint_of(base_url: str, given: str) -> Endpoint | None:
    """Return where the events of the org at `base_url` come from; None when it offers none that we know of.

    `given` wins over what the host says. The session goes there as it goes to `base_url`: in the clear only where that
    is plain http.
    """
    parts = urlsplit(base_url)
    secure = parts.scheme != "http"
    if given:
        return Endpoint(given, secure)
    if secure and f".{parts.hostname or ''}".endswith(SALESFORCE_HOSTS):
        return Endpoint(SALESFORCE_ADDRESS, secure)
    return None
