"""Names of response headers on the wire: in the vendors' case, for clients that keep them in a plain dictionary."""

from __future__ import annotations

import http.client
import socket
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from actionsync_simulators.header_names import spelled

Launch = Callable[..., Any]


def names(host: str, path: str, **headers: str) -> list[str]:
    """The names of one answer's headers exactly as they were sent."""
    connection = http.client.HTTPConnection(urlsplit(host).netloc, timeout=10)
    try:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        answer.read()
        return [name for name, _ in answer.getheaders()]
    finally:
        connection.close()


def test_both_systems_write_names_as_the_vendors_do(launch: Launch) -> None:
    ready = launch("--people", "5").ready
    login = f"/identity/oauth/token?grant_type=client_credentials&client_id={ready['client_id']}&client_secret=x"
    assert {"Date", "Content-Type", "Content-Length", "Cache-Control"} <= set(names(ready["marketo"], login))
    found = names(ready["salesforce"], "/services/data", Connection="close")
    assert {"Date", "Content-Type", "X-XSS-Protection", "Strict-Transport-Security", "Connection"} <= set(found)
    for each in (found, names(ready["salesforce"], "/_sim")):
        assert [name for name in each if name[0].islower()] == []


def test_a_body_that_looks_like_a_head_is_not_touched(launch: Launch) -> None:
    """Two calls on one connection, and a body that comes after `100 Continue`."""
    ready = launch("--people", "5").ready
    at = urlsplit(ready["salesforce"])
    body = b'{"content-type: x": "HTTP/1.1 200 OK\\r\\ncontent-type: text/plain"}'
    call = b"POST /_sim/faults HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n" % len(body)
    with socket.create_connection((at.hostname, at.port), timeout=10) as wire, wire.makefile("rb") as answers:
        wire.sendall(call + b"Expect: 100-continue\r\n\r\n")
        assert answers.readline() == b"HTTP/1.1 100 Continue\r\n"
        assert answers.readline() == b"\r\n"
        wire.sendall(body + call + b"\r\n" + body)
        for _ in range(2):
            assert answers.readline().startswith(b"HTTP/1.1 400 ")
            head: dict[bytes, bytes] = {}
            while (line := answers.readline()) != b"\r\n":
                name, _, value = line.partition(b": ")
                head[name] = value
            assert b"content-type: x" in answers.read(int(head[b"Content-Length"]))


def test_irregular_names() -> None:
    head = b'HTTP/1.1 200 OK\r\nsforce-numberofrecords: 3\r\netag: "a-b: c"\r\nx-robots-tag: none\r\n\r\n'
    assert spelled(head) == (
        b'HTTP/1.1 200 OK\r\nSforce-NumberOfRecords: 3\r\nETag: "a-b: c"\r\nX-Robots-Tag: none\r\n\r\n'
    )
