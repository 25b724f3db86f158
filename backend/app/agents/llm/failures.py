"""Turn what a provider's client raises into what the ledger must know.

Providers' clients agree on little more than a `status_code` on their errors and on the classes of
`langchain_core.exceptions`; nothing here depends on one provider.
"""

import re
from collections.abc import Iterator

from langchain_core.exceptions import ContextOverflowError

from app.agents.ledger_port import SendFailed, SendFault, SendRejected, SendUncertain

NEVER_CONNECTED = {
    "ConnectError",
    "ConnectTimeout",
    "PoolTimeout",
    "ProxyError",
    "UnsupportedProtocol",
}
TIMEOUTS = {"TimeoutError", "ReadTimeout", "WriteTimeout", "APITimeoutError", "ModelTimeoutError"}
CONTEXT_WORDS = re.compile(
    r"context.{0,20}(length|window|size)|prompt is too long|too many (input )?tokens|"
    r"exceeds? .{0,40}(context|maximum number of tokens)",
    re.IGNORECASE,
)
CREDIT_WORDS = re.compile(r"insufficient_quota|exceeded your current quota|credit balance", re.I)
NO_KEY_WORDS = re.compile(r"api[_ ]key|credential|authentication method", re.IGNORECASE)
DETAIL_LENGTH = 300


def send_failure(error: BaseException, *, began: bool) -> SendFailed:
    """Say what `error` means. `began` tells whether a part of the answer had come."""
    detail = " ".join(str(error).split())[:DETAIL_LENGTH]
    refusal = None if began else _refusal(error, detail)
    if refusal is not None:
        return refusal
    names = {type(e).__name__ for e in _chain(error)}
    fault = SendFault.TIMEOUT if names & TIMEOUTS else SendFault.STREAM_CUT
    return SendUncertain(detail, fault=fault)


def _refusal(error: BaseException, detail: str) -> SendRejected | None:
    status = _status(error)
    if isinstance(error, ContextOverflowError):
        return SendRejected(detail, fault=SendFault.CONTEXT_TOO_LONG, status=status)
    if status is not None:
        return _status_failure(error, status, detail)
    if _never_connected(error):
        return SendRejected(detail, fault=SendFault.UNREACHABLE)
    # A client without a key sends an empty header, which its HTTP layer refuses as illegal.
    has_no_key = NO_KEY_WORDS.search(detail) is not None or any(
        type(e).__name__ == "LocalProtocolError" for e in _chain(error)
    )
    return SendRejected(detail, fault=SendFault.KEY_REFUSED) if has_no_key else None


def _status_failure(error: BaseException, status: int, detail: str) -> SendRejected:
    return SendRejected(
        detail,
        fault=_status_fault(status, detail),
        status=status,
        retry_after_s=_retry_after_s(error),
    )


def _status_fault(status: int, detail: str) -> SendFault:
    if CREDIT_WORDS.search(detail):
        return SendFault.NO_CREDIT
    by_status = {
        401: SendFault.KEY_REFUSED,
        402: SendFault.NO_CREDIT,
        403: SendFault.KEY_REFUSED,
        404: SendFault.MODEL_UNKNOWN,
        408: SendFault.SERVER_ERROR,
        409: SendFault.SERVER_ERROR,
        413: SendFault.CONTEXT_TOO_LONG,
        429: SendFault.RATE_LIMITED,
    }
    if status in by_status:
        return by_status[status]
    if status >= 500:
        return SendFault.SERVER_ERROR
    is_too_long = CONTEXT_WORDS.search(detail) is not None
    return SendFault.CONTEXT_TOO_LONG if is_too_long else SendFault.REQUEST_REFUSED


def _status(error: BaseException) -> int | None:
    status = getattr(error, "status_code", None)
    return status if isinstance(status, int) and status >= 400 else None


def _retry_after_s(error: BaseException) -> float | None:
    headers = getattr(getattr(error, "response", None), "headers", None)
    value = headers.get("retry-after") if headers is not None else None
    try:
        return max(0.0, float(value)) if value is not None else None
    except ValueError:
        return None


def _never_connected(error: BaseException) -> bool:
    causes = list(_chain(error))
    return (
        any(type(e).__name__ in NEVER_CONNECTED for e in causes)
        or any(isinstance(e, ConnectionRefusedError) for e in causes)
        or type(error) is ConnectionError
    )


def _chain(error: BaseException) -> Iterator[BaseException]:
    current: BaseException | None = error
    while current is not None:
        yield current
        current = current.__cause__ or current.__context__
