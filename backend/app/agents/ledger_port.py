"""The port through which every paid model call passes, and the values that cross it.

`send` errors tell the ledger what became of the money: `SendRejected` (nothing was billed) or
`SendUncertain` (it may have been). A cancelled send is uncertain as well. A composer makes one
call at a time; calling again with the same request, after `call` raised, re-sends that call, and
so does asking another model of the request's chain.
"""

import hashlib
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_UP, Decimal
from enum import StrEnum
from functools import cached_property
from typing import Any, ClassVar, Protocol

from pydantic import Field

from app.core.errors import Unavailable
from app.schemas.base import Frozen

MONEY_STEP = Decimal("0.00000001")
TOKENS_PER_PRICE = Decimal(1_000_000)


def quantise_usd(amount: Decimal) -> Decimal:
    """Round an amount in dollars up to the ledger's smallest step, 1e-8."""
    return amount.quantize(MONEY_STEP, rounding=ROUND_UP)


class ModelRequest(Frozen):
    """One call as the provider will get it. `json_schema` is what the answer must match.

    Two requests with the same `request_hash` ask for the same thing of the same model. `chain`
    names the models, in order, that the same thing may be asked of when one before is out: their
    requests are sends of one call. It is no part of what is sent, hashed or kept.
    """

    model: str
    operation: str
    system: str
    prompt: str
    schema_name: str
    json_schema: dict[str, Any]
    max_output_tokens: int = Field(ge=1)
    temperature: float | None = None
    chain: tuple[str, ...] = Field(default=(), exclude=True)

    @property
    def models(self) -> tuple[str, ...]:
        """The models that this call may be sent to, in order."""
        return self.chain or (self.model,)

    @cached_property
    def call_hashes(self) -> tuple[str, ...]:
        """The hash of this request as it would be asked of each of its models, in their order."""
        return tuple(self.asked_of(model).request_hash for model in self.models)

    def asked_of(self, model: str) -> "ModelRequest":
        """Return the same request to another model of its chain."""
        if model == self.model:
            return self
        fields = {name: getattr(self, name) for name in type(self).model_fields}
        return ModelRequest(**{**fields, "model": model})

    @cached_property
    def request_hash(self) -> str:
        """The SHA-256 of the request's canonical JSON, in hexadecimal."""
        canonical = json.dumps(
            self.model_dump(mode="json"), sort_keys=True, ensure_ascii=False, separators=(",", ":")
        )
        return hashlib.sha256(canonical.encode()).hexdigest()


class ModelReply(Frozen):
    """A complete answer with what it used and cost; the ledger stores it whole."""

    text: str
    input_tokens: int = Field(ge=0)
    output_tokens: int = Field(ge=0)
    cost_usd: Decimal = Field(ge=0)
    finish_reason: str
    model: str


class Price(Frozen):
    """What a model costs, in dollars per million tokens, since when, and who says so.

    `effective_on` is None where the price list gives no date.
    """

    input_usd_per_mtok: Decimal = Field(ge=0)
    output_usd_per_mtok: Decimal = Field(ge=0)
    effective_on: date | None = None
    source: str

    def cost_usd(self, input_tokens: int, output_tokens: int) -> Decimal:
        """Return the price of that many tokens, rounded up to 1e-8 dollars."""
        input_part = self.input_usd_per_mtok * input_tokens
        output_part = self.output_usd_per_mtok * output_tokens
        return quantise_usd((input_part + output_part) / TOKENS_PER_PRICE)

    def worst_case_usd(self, input_tokens_bound: int, max_output_tokens: int) -> Decimal:
        """Return the most that a call can cost, for the reservation before it."""
        return self.cost_usd(input_tokens_bound, max_output_tokens)


class SendFault(StrEnum):
    """Why a send gave no reply."""

    UNREACHABLE = "unreachable"
    KEY_REFUSED = "key_refused"
    MODEL_UNKNOWN = "model_unknown"
    REQUEST_REFUSED = "request_refused"
    CONTEXT_TOO_LONG = "context_too_long"
    RATE_LIMITED = "rate_limited"
    NO_CREDIT = "no_credit"
    SERVER_ERROR = "server_error"
    TIMEOUT = "timeout"
    STREAM_CUT = "stream_cut"


class SendFailed(Unavailable):
    """A send without a reply. `status` is the HTTP status, if the server gave one."""

    code: ClassVar[str] = "send_failed"

    def __init__(
        self,
        message: str,
        *,
        fault: SendFault,
        status: int | None = None,
        retry_after_s: float | None = None,
    ) -> None:
        super().__init__(message)
        self.fault = fault
        self.status = status
        self.retry_after_s = retry_after_s


class SendRejected(SendFailed):
    """The server answered no (or was never reached) before the first byte: nothing was billed."""

    code: ClassVar[str] = "send_rejected"


class CallElsewhere(Unavailable):
    """The call is under way at a later model of its chain, as recorded: go on there."""

    code: ClassVar[str] = "call_elsewhere"

    def __init__(self, model: str) -> None:
        super().__init__(f"The call was last sent to {model}.", model=model)
        self.model = model


class SendUncertain(SendFailed):
    """The send broke off after it began; it may have been billed.

    `input_tokens` and `output_tokens` are what the stream had reported, if anything: a lower bound.
    """

    code: ClassVar[str] = "send_uncertain"

    def __init__(
        self,
        message: str,
        *,
        fault: SendFault,
        input_tokens: int | None = None,
        output_tokens: int | None = None,
    ) -> None:
        super().__init__(message, fault=fault)
        self.input_tokens = input_tokens
        self.output_tokens = output_tokens


Send = Callable[[str], Awaitable[ModelReply]]


class ModelLedger(Protocol):
    """The journal of paid calls of one step."""

    async def call(self, request: ModelRequest, reserve_usd: Decimal, send: Send) -> ModelReply:
        """Return the recorded reply to this call, or reserve, `send(idempotency_key)` and record.

        Raises:
            BudgetExceeded: The reservation would pass the task's cap; nothing was sent.
            SendRejected: As raised by `send`; the reservation was given back.
            SendUncertain: As raised by `send`; the reservation stays counted.
            CallElsewhere: A send to a later model of the chain may have been billed; it must be
                repeated there, under its own key.
        """
        ...


@dataclass(slots=True)
class RecordedCall:
    """What became of one call of a `DirectLedger`."""

    request: ModelRequest
    reserve_usd: Decimal
    idempotency_key: str
    reply: ModelReply | None = None
    failure: SendFailed | None = None


class DirectLedger:
    """A ledger in memory, without a cap: for tools outside a task and for tests.

    It repeats no recorded call's reply; a re-sent call keeps its idempotency key.
    """

    def __init__(self, key_prefix: str = "direct") -> None:
        self.key_prefix = key_prefix
        self.calls: list[RecordedCall] = []

    @property
    def spent_usd(self) -> Decimal:
        """What the recorded replies cost together."""
        return sum((c.reply.cost_usd for c in self.calls if c.reply), Decimal(0))

    async def call(self, request: ModelRequest, reserve_usd: Decimal, send: Send) -> ModelReply:
        """Send the request and record what became of it."""
        record = RecordedCall(request, reserve_usd, self._next_key(request))
        self.calls.append(record)
        try:
            record.reply = await send(record.idempotency_key)
        except SendFailed as failure:
            record.failure = failure
            raise
        return record.reply

    def _next_key(self, request: ModelRequest) -> str:
        last = self.calls[-1] if self.calls else None
        if last and last.reply is None and last.request.request_hash == request.request_hash:
            return last.idempotency_key
        return f"{self.key_prefix}-{len(self.calls) + 1}"
