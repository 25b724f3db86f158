"""What a server understands of a request, learnt from its refusals.

OpenAI-compatible servers differ in a few parameters. Each starts with the full form; a refusal
(HTTP 400 or 422) that names a parameter, or comes while the answer's schema was sent as a
parameter, takes that parameter out for the rest of the process.
"""

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """Which parameters are sent. `legacy_max_tokens` is the older name of the output bound."""

    sends_schema: bool = True
    sends_effort: bool = False
    legacy_max_tokens: bool = False

    def after_refusal(self, message: str) -> "Dialect | None":
        """Return the dialect to try after a refused request, or None if nothing is left to try."""
        text = message.lower()
        if self.sends_effort and "reasoning" in text:
            return replace(self, sends_effort=False)
        if "max_tokens" in text or "max_completion_tokens" in text:
            wants_legacy = "max_completion_tokens" not in text.partition("use")[2]
            if wants_legacy != self.legacy_max_tokens:
                return replace(self, legacy_max_tokens=wants_legacy)
        if self.sends_schema:
            return replace(self, sends_schema=False)
        return None
