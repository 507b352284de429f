"""The one error of the control plane."""

from __future__ import annotations


class ControlError(ValueError):
    """Input of a control call that cannot be used; `hint` says what would be accepted."""

    def __init__(self, message: str, *, hint: str = "see GET /_sim") -> None:
        super().__init__(message)
        self.hint = hint
