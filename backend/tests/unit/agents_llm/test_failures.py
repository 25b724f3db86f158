"""What a provider's error means for the money, and what a refusal teaches."""

import pytest
from langchain_core.exceptions import ContextOverflowError

from app.agents.ledger_port import SendFault, SendRejected, SendUncertain
from app.agents.llm.dialect import Dialect
from app.agents.llm.failures import send_failure


class StatusError(Exception):
    """What every provider's client raises, in what matters here."""

    def __init__(self, status_code: int, message: str = "") -> None:
        super().__init__(message)
        self.status_code = status_code


class ConnectTimeout(Exception):
    """Named as HTTP clients name it."""


class LocalProtocolError(Exception):
    """Named as HTTP clients name it."""


class ReadTimeout(Exception):
    """Named as HTTP clients name it."""


class TestSendFailure:
    @pytest.mark.parametrize(
        ("status", "message", "fault"),
        [
            (401, "", SendFault.KEY_REFUSED),
            (403, "", SendFault.KEY_REFUSED),
            (404, "", SendFault.MODEL_UNKNOWN),
            (413, "", SendFault.CONTEXT_TOO_LONG),
            (429, "", SendFault.RATE_LIMITED),
            (429, "You exceeded your current quota", SendFault.NO_CREDIT),
            (500, "", SendFault.SERVER_ERROR),
            (529, "", SendFault.SERVER_ERROR),
            (400, "bad parameter", SendFault.REQUEST_REFUSED),
            (400, "prompt is too long: 210000 tokens", SendFault.CONTEXT_TOO_LONG),
        ],
    )
    def test_a_status_before_the_answer_is_a_rejection(
        self, status: int, message: str, fault: SendFault
    ) -> None:
        failure = send_failure(StatusError(status, message), began=False)
        assert isinstance(failure, SendRejected)
        assert (failure.fault, failure.status) == (fault, status)

    def test_an_error_after_the_answer_began_is_uncertain(self) -> None:
        failure = send_failure(StatusError(500), began=True)
        assert isinstance(failure, SendUncertain)

    @pytest.mark.parametrize("error", [ConnectTimeout(), ConnectionRefusedError()])
    def test_never_connected_is_a_rejection(self, error: Exception) -> None:
        failure = send_failure(error, began=False)
        assert isinstance(failure, SendRejected)
        assert failure.fault is SendFault.UNREACHABLE

    def test_a_cause_deep_below_counts(self) -> None:
        outer = RuntimeError("Connection error.")
        outer.__cause__ = ConnectTimeout()
        assert isinstance(send_failure(outer, began=False), SendRejected)

    @pytest.mark.parametrize(
        ("error", "fault"),
        [
            (ReadTimeout(), SendFault.TIMEOUT),
            (TimeoutError(), SendFault.TIMEOUT),
            (ConnectionResetError(), SendFault.STREAM_CUT),
            (ValueError("no choices"), SendFault.STREAM_CUT),
        ],
    )
    def test_anything_else_may_have_been_billed(self, error: Exception, fault: SendFault) -> None:
        failure = send_failure(error, began=False)
        assert isinstance(failure, SendUncertain)
        assert failure.fault is fault

    @pytest.mark.parametrize(
        "error",
        [
            TypeError("Could not resolve authentication method"),
            LocalProtocolError("Illegal header value b''"),
        ],
    )
    def test_a_missing_key_is_a_rejection(self, error: Exception) -> None:
        failure = send_failure(error, began=False)
        assert failure.fault is SendFault.KEY_REFUSED

    def test_a_context_error_is_known_by_its_class(self) -> None:
        failure = send_failure(ContextOverflowError(), began=False)
        assert failure.fault is SendFault.CONTEXT_TOO_LONG


class TestDialect:
    def test_drops_the_schema_when_it_is_refused(self) -> None:
        adapted = Dialect().after_refusal("'response_format' is not supported")
        assert adapted is not None
        assert not adapted.sends_schema

    def test_changes_the_name_of_the_bound(self) -> None:
        message = "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead."
        adapted = Dialect(legacy_max_tokens=True).after_refusal(message)
        assert adapted == Dialect(legacy_max_tokens=False)

    def test_takes_the_older_name_where_the_newer_is_unknown(self) -> None:
        adapted = Dialect().after_refusal("Unrecognized argument: max_completion_tokens")
        assert adapted == Dialect(legacy_max_tokens=True)

    def test_drops_the_effort(self) -> None:
        adapted = Dialect(sends_effort=True).after_refusal("Unsupported: 'reasoning_effort'")
        assert adapted == Dialect(sends_effort=False)

    def test_ends(self) -> None:
        dialect: Dialect | None = Dialect(sends_effort=True)
        steps = 0
        while dialect is not None:
            dialect = dialect.after_refusal("reasoning, max_tokens or schema refused")
            steps += 1
            assert steps < 6
