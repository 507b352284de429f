"""Refusals of the token endpoint: an object with `error` and `error_description`."""

from __future__ import annotations

from actionsync_simulators.salesforce.gateway.messages import Response


class OAuthError(Exception):
    """A refusal in the words of OAuth."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(f"{error}: {description}")
        self.error = error
        self.description = description

    def response(self, *, status: int = 400) -> Response:
        """The answer to the refused call."""
        payload = {"error": self.error, "error_description": self.description}
        return Response(status, payload, code=self.error)
