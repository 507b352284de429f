"""The simulators' image: built here, run by testcontainers, called like the real systems.

Needs a container engine and a Python base image: ACTIONSYNC_PYTHON_IMAGE names one that is present or can be pulled
(default: the Dockerfile's own). Without an engine, or without the base, the test says so and is skipped.
"""

from __future__ import annotations

import contextlib
import json
import os
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docker
import pytest
from docker.errors import DockerException
from testcontainers.core.container import DockerContainer
from testcontainers.core.image import DockerImage
from testcontainers.core.wait_strategies import LogMessageWaitStrategy

ROOT = Path(__file__).parents[2]
BASE = os.environ.get("ACTIONSYNC_PYTHON_IMAGE", "python:3.11-slim-bookworm")
MARKETO_PORT, SALESFORCE_PORT = 18081, 18082

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def engine() -> Iterator[docker.DockerClient]:
    if "DOCKER_HOST" not in os.environ and not Path("/var/run/docker.sock").exists():
        pytest.skip("no container engine here: neither DOCKER_HOST nor /var/run/docker.sock")
    with contextlib.closing(docker.from_env()) as client:
        if not any(BASE in image.tags for image in client.images.list()):
            try:
                client.images.pull(BASE)
            except DockerException as error:
                pytest.skip(f"the base image {BASE} is neither here nor to be had: {error}")
        yield client


def call(url: str, **query: str) -> Any:
    with urllib.request.urlopen(f"{url}?{urllib.parse.urlencode(query)}", timeout=10) as answer:
        return json.load(answer)


def test_the_image_serves_both_systems(engine: docker.DockerClient, monkeypatch: pytest.MonkeyPatch) -> None:
    # The reaper is an image of its own, which not every place can pull; the with blocks below clean up.
    monkeypatch.setattr("testcontainers.core.config.testcontainers_config.ryuk_disabled", True)
    image = DockerImage(
        ROOT,
        tag="actionsync-simulators-test",
        dockerfile_path="simulators/Dockerfile",
        buildargs={"PYTHON_IMAGE": BASE},
        network_mode="host",
    )
    with image:
        ports = f"--marketo-port {MARKETO_PORT} --salesforce-port {SALESFORCE_PORT}"
        container = DockerContainer(str(image), network_mode="host")
        container = container.with_command(f"serve {ports} --people 500").waiting_for(
            LogMessageWaitStrategy('"munchkin_id"').with_startup_timeout(60)
        )
        with container:
            marketo, salesforce = (f"http://127.0.0.1:{port}" for port in (MARKETO_PORT, SALESFORCE_PORT))
            login = {"client_id": "simulator-client", "client_secret": "simulator-secret"}
            token = call(f"{marketo}/identity/oauth/token", grant_type="client_credentials", **login)
            assert token["token_type"] == "bearer"
            assert call(f"{salesforce}/services/data")[-1]["version"] == "66.0"
