"""What the planner says when its input cannot be planned: a code and values, no text for people."""

from collections.abc import Mapping


class PlannerInputError(ValueError):
    """Input that cannot be planned.

    `code` names what is wrong (snake case, stable); `details` are the values a message needs, such as `column` and
    the first offending `rows`.
    """

    def __init__(self, code: str, **details: object) -> None:
        self.code = code
        self.details: Mapping[str, object] = details
        super().__init__(code, dict(details))

    def __str__(self) -> str:
        return f"{self.code}: {dict(self.details)}"
