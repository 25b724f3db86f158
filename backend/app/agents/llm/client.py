"""Ask a model one thing: send through the ledger, try again, check the answer, repair it once."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Generic, Protocol

from app.agents.errors import ModelAnswerInvalid, ModelUnavailable, RetryTask, TaskFailed
from app.agents.ledger_port import (
    CallElsewhere,
    ModelLedger,
    ModelReply,
    ModelRequest,
    Price,
    SendFailed,
    SendFault,
    SendRejected,
)
from app.agents.llm.retries import wait_before_resend_s
from app.agents.llm.spec import ModelSpec
from app.agents.llm.tokens import MAX_INPUT_TOKENS, input_token_bound, token_bound
from app.agents.llm.wire import Answer, AnswerT, AnswerUnreadable, answer_schema, parse_answer
from app.core.config import ModelSettings

FULL, HALF = 1.0, 0.5
REPAIR = (
    "{prompt}\n\n# Your previous answer\n{answer}\n\n# What is wrong with it\n{problem}\n\n"
    "Answer again, whole, with this put right and the rest kept."
)
SHORTER = (
    "{prompt}\n\n# Length\nYour previous answer was cut off because it was too long. "
    "Answer again, with at most half as many items and shorter texts."
)
KEPT_ANSWER_LENGTH = 12_000


class Transmitted(Protocol):
    """A complete answer as a transport gives it."""

    @property
    def text(self) -> str:
        """The answer's text."""
        ...

    input_tokens: int | None
    output_tokens: int | None
    finish_reason: str | None


class Transport(Protocol):
    """The way to a model's server."""

    async def send(self, request: ModelRequest, idempotency_key: str) -> Transmitted:
        """Send once; raise `SendRejected` or `SendUncertain`."""
        ...

    def adapt(self, refusal: str) -> bool:
        """Learn from a refused request; return whether another form is left to try."""
        ...


def accept(_answer: Answer) -> tuple[str, ...]:
    """Find nothing wrong with an answer beyond its schema."""
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Order(Generic[AnswerT]):
    """One thing to ask. `prompt` is built for a share of the full material, 1.0 or 0.5.

    `problems` says what is wrong with an answer that fits its schema (a quote that is not in the
    sources); after the repair round the answer is taken as it is, and code drops what is wrong.
    """

    operation: str
    system: str
    prompt: Callable[[float], str]
    answer: type[AnswerT]
    problems: Callable[[AnswerT], tuple[str, ...]] = accept


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A model that answers: what it costs, and the shared way to it."""

    spec: ModelSpec
    price: Price
    transport: Transport


@dataclass(frozen=True, slots=True, kw_only=True)
class Fallbacks:
    """What answers when a model is out: `models` in their order, `lines` to those usable here.

    All are named, so that what another worker recorded of one is found where it cannot be opened.
    """

    models: tuple[str, ...] = ()
    lines: tuple[Line, ...] = ()


NO_FALLBACKS = Fallbacks()


class ModelClient:
    """A model as one step uses it: `transport` is shared, `ledger` is the step's own.

    When the model is out, the call goes on with the next of the `fallbacks`, and so do the calls
    after it: a step does not wait for the same outage twice.
    """

    def __init__(
        self,
        spec: ModelSpec,
        settings: ModelSettings,
        *,
        transport: Transport,
        price: Price,
        ledger: ModelLedger,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        fallbacks: Fallbacks = NO_FALLBACKS,
    ) -> None:
        self.spec = spec
        self.settings = settings
        self._lines = (Line(spec=spec, price=price, transport=transport), *fallbacks.lines)
        self._chain = (str(spec), *fallbacks.models)
        self._at = 0
        self._ledger = ledger
        self._sleep = sleep

    async def ask(self, order: Order[AnswerT]) -> AnswerT:
        """Return the model's answer, checked against its schema.

        Raises:
            ModelKeyRefused: The key is missing or refused.
            ModelRefused: The model or the request is refused.
            ModelUnavailable: No model gave an answer within `max_sends` sends each.
            RetryTask: The last server asks to come back later.
            ModelAnswerInvalid: The answer stayed too long or outside its schema.
            TaskFailed: Half of the material is still too long for the model.
            BudgetExceeded: The next call could pass the task's cap.
        """
        prompt, reply = await self._first_reply(order)
        if reply.finish_reason == "length":
            return await self._ask_shorter(order, prompt)
        answer, problem = await asyncio.to_thread(_read, order, reply.text)
        if answer is not None and not problem:
            return answer
        try:
            return await self._repair(order, prompt, reply.text, problem)
        except ModelAnswerInvalid:
            if answer is None:
                raise
            return answer

    async def _first_reply(self, order: Order[AnswerT]) -> tuple[str, ModelReply]:
        for share in (FULL, HALF):
            prompt = order.prompt(share)
            request = self._request(order, order.operation, prompt)
            if input_token_bound(request) > MAX_INPUT_TOKENS:
                continue
            try:
                return prompt, await self._complete(request)
            except SendRejected:
                continue
        raise TaskFailed(
            f"The material of this step is too long for {self.spec}, even shortened by half. "
            "Choose a model with a longer context or give fewer files.",
            model=str(self.spec),
        )

    async def _ask_shorter(self, order: Order[AnswerT], prompt: str) -> AnswerT:
        reply = await self._follow_up(order, "shorter", SHORTER.format(prompt=prompt))
        if reply.finish_reason == "length":
            raise ModelAnswerInvalid(
                f"{self.spec} answered {order.operation} with more than "
                f"{self.settings.max_output_tokens} tokens twice; raise "
                "MADANG_MODEL__MAX_OUTPUT_TOKENS.",
                operation=order.operation,
            )
        return self._final(order, reply)

    async def _repair(
        self, order: Order[AnswerT], prompt: str, answer: str, problem: str
    ) -> AnswerT:
        kept = answer[:KEPT_ANSWER_LENGTH]
        text = REPAIR.format(prompt=prompt, answer=kept, problem=problem)
        return self._final(order, await self._follow_up(order, "repair", text))

    async def _follow_up(self, order: Order[AnswerT], kind: str, prompt: str) -> ModelReply:
        request = self._request(order, f"{order.operation}.{kind}", prompt)
        try:
            return await self._complete(request)
        except SendRejected as error:
            raise ModelAnswerInvalid(
                f"{self.spec} gave no valid answer to {order.operation}, and its context is too "
                "short to repair it.",
                operation=order.operation,
            ) from error

    def _final(self, order: Order[AnswerT], reply: ModelReply) -> AnswerT:
        try:
            return parse_answer(reply.text, order.answer)
        except AnswerUnreadable as error:
            raise ModelAnswerInvalid(
                f"{self.spec} gave no valid answer to {order.operation} after a repair round: "
                f"{error.message}",
                operation=order.operation,
                model=str(self.spec),
            ) from error

    def _request(self, order: Order[AnswerT], operation: str, prompt: str) -> ModelRequest:
        return ModelRequest(
            model=str(self.spec),
            operation=operation,
            system=order.system,
            prompt=prompt,
            schema_name=order.operation,
            json_schema=answer_schema(order.answer),
            max_output_tokens=self.settings.max_output_tokens,
            chain=self._chain,
        )

    async def _complete(self, request: ModelRequest) -> ModelReply:
        """Return the reply of the first model that is not out.

        A `SendRejected` comes out only for too long a context.
        """
        outage: ModelUnavailable | RetryTask | None = None
        while True:
            try:
                reply = await self._complete_at(self._lines[self._at], request)
            except CallElsewhere as moved:
                self._move_to(moved)
                continue
            except (ModelUnavailable, RetryTask) as error:
                outage = error
            except SendRejected:
                # Shortening is for the model that the step began this call with.
                if outage is None:
                    raise
            else:
                self._go_to(reply.model)
                return reply
            if self._at + 1 == len(self._lines):
                raise outage
            self._at += 1

    def _move_to(self, moved: CallElsewhere) -> None:
        if not self._go_to(moved.model):
            raise ModelUnavailable(
                f"The call may have been answered by {moved.model}, which cannot be used on this "
                "machine; set its key here, or resume the task elsewhere.",
                model=moved.model,
            ) from moved

    def _go_to(self, model: str) -> bool:
        # What was recorded of a model that cannot be opened here leaves the step where it is.
        names = [str(line.spec) for line in self._lines]
        if model not in names:
            return False
        self._at = max(self._at, names.index(model))
        return True

    async def _complete_at(self, line: Line, request: ModelRequest) -> ModelReply:
        asked = request.asked_of(str(line.spec))
        bound = input_token_bound(asked)
        reserve_usd = line.price.worst_case_usd(bound, asked.max_output_tokens)
        sends = 0
        while True:
            try:
                return await self._ledger.call(asked, reserve_usd, partial(self._send, line, asked))
            except SendFailed as failure:
                if failure.fault is SendFault.CONTEXT_TOO_LONG:
                    raise
                if not _adapts(line, failure):
                    sends += 1
                    await self._sleep(self._wait_s(line, asked, failure, sends))

    def _wait_s(self, line: Line, request: ModelRequest, failure: SendFailed, sends: int) -> float:
        max_sends = self.settings.max_sends
        return wait_before_resend_s(line.spec, request, failure, sends=sends, max_sends=max_sends)

    async def _send(self, line: Line, request: ModelRequest, idempotency_key: str) -> ModelReply:
        received = await line.transport.send(request, idempotency_key)
        input_tokens = received.input_tokens
        if input_tokens is None:
            input_tokens = input_token_bound(request)
        output_tokens = received.output_tokens
        if output_tokens is None:
            output_tokens = min(token_bound(received.text), request.max_output_tokens)
        return ModelReply(
            text=received.text,
            input_tokens=input_tokens,
            output_tokens=output_tokens,
            cost_usd=line.price.cost_usd(input_tokens, output_tokens),
            finish_reason=received.finish_reason or "stop",
            model=request.model,
        )


def _adapts(line: Line, failure: SendFailed) -> bool:
    is_refusal = failure.fault is SendFault.REQUEST_REFUSED
    return (
        is_refusal and isinstance(failure, SendRejected) and line.transport.adapt(failure.message)
    )


def _read(order: Order[AnswerT], text: str) -> tuple[AnswerT | None, str]:
    try:
        answer = parse_answer(text, order.answer)
    except AnswerUnreadable as error:
        return None, error.message
    return answer, "\n".join(order.problems(answer))
