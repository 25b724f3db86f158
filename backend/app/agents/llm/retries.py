"""When a failed send is tried again, after how long, and what is said when it is not."""

from app.agents.errors import ModelKeyRefused, ModelRefused, ModelUnavailable, RetryTask
from app.agents.ledger_port import ModelRequest, SendFailed, SendFault
from app.agents.llm.spec import ModelSpec
from app.core.errors import AppError

FIRST_WAIT_S = 1.0
LONGEST_WAIT_S = 30.0

REASONS = {
    SendFault.UNREACHABLE: "cannot be reached",
    SendFault.RATE_LIMITED: "takes no more requests for now",
    SendFault.NO_CREDIT: "has no credit left for this key",
    SendFault.SERVER_ERROR: "answers with an error of its own",
    SendFault.TIMEOUT: "did not answer in time",
    SendFault.STREAM_CUT: "broke off its answer",
}


def back_off_s(request: ModelRequest, sends: int) -> float:
    """Return the wait after `sends` sends: doubling, plus up to half of it, spread by request.

    The spread comes from the request's hash, so that a replayed step waits as it did before.
    """
    wait_s = FIRST_WAIT_S * 2.0 ** (sends - 1)
    spread = int(request.request_hash[:4], 16) / 0xFFFF
    return min(LONGEST_WAIT_S, wait_s * (1 + spread / 2))


def wait_before_resend_s(
    spec: ModelSpec, request: ModelRequest, failure: SendFailed, *, sends: int, max_sends: int
) -> float:
    """Return how long to wait before the next send.

    Raises:
        ModelKeyRefused: The key is missing or wrong.
        ModelRefused: The model or the request is wrong.
        ModelUnavailable: The sends are used up, or no credit is left.
        RetryTask: The server asks for a longer wait than a step should hold its worker for.
    """
    final = _final_error(spec, failure)
    if final is not None:
        raise final from failure
    if sends >= max_sends:
        raise _unavailable(spec, failure, f"(tries: {sends})") from failure
    wait_s = back_off_s(request, sends)
    if failure.retry_after_s is None:
        return wait_s
    if failure.retry_after_s > LONGEST_WAIT_S:
        message = f"{spec} {REASONS[failure.fault]}; it asks to wait {failure.retry_after_s:.0f} s."
        raise RetryTask(message, retry_after_s=failure.retry_after_s) from failure
    return max(wait_s, failure.retry_after_s)


def _final_error(spec: ModelSpec, failure: SendFailed) -> AppError | None:
    if failure.fault is SendFault.NO_CREDIT:
        return _unavailable(spec, failure, "; top it up or set another key")
    provider = spec.provider.name
    if failure.fault is SendFault.KEY_REFUSED:
        message = f"The key for {provider} was refused; {spec.key_remedy}."
        return ModelKeyRefused(message, model=str(spec))
    refusals = {
        SendFault.MODEL_UNKNOWN: f"{provider} knows no model {spec.name!r}; set "
        "MADANG_MODEL__NAME to one it has.",
        SendFault.REQUEST_REFUSED: f"{spec} refused the request: {failure.message}",
    }
    refused = refusals.get(failure.fault)
    return None if refused is None else ModelRefused(refused, model=str(spec))


def _unavailable(spec: ModelSpec, failure: SendFailed, tail: str) -> ModelUnavailable:
    joined = tail if tail.startswith(";") else f" {tail}"
    return ModelUnavailable(
        f"{spec} {REASONS[failure.fault]}{joined}. Last: {failure.message}",
        model=str(spec),
        fault=failure.fault.value,
    )
