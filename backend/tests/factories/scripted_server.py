"""A model server for tests: OpenAI-compatible, real HTTP on a loopback port, no model inside.

It answers from the request's JSON Schema and prompt alone (`scripted_replies`), so that the order
of calls does not matter. In a test: `with ScriptedModelServer(tmp_path / "bill.jsonl") as server`.
As a process: `python -m tests.factories.scripted_server --port 8181 --ledger bill.jsonl`, steered
by POST /_scripted/queue, /_scripted/always, /_scripted/pace; GET /_scripted/requests.
"""

import argparse
import asyncio
import hashlib
import json
import socket
import threading
import time
from collections import deque
from collections.abc import AsyncIterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from tests.factories.scripted_behaviour import (
    BILLED,
    Act,
    Behaviour,
    Bill,
    BilledCall,
    Pace,
    Tariff,
)
from tests.factories.scripted_replies import scripted_reply

PIECE_LENGTH = 40
BYTES_PER_TOKEN = 4
MODEL = "scripted"
KEY = "test-key"

REFUSALS: dict[Act, tuple[int, str, str]] = {
    Act.RATE_LIMITED: (429, "Rate limit reached for requests.", "rate_limit_exceeded"),
    Act.NO_CREDIT: (429, "You exceeded your current quota.", "insufficient_quota"),
    Act.SERVER_ERROR: (500, "The server had an error.", "server_error"),
    Act.WRONG_KEY: (401, "Incorrect API key provided.", "invalid_api_key"),
    Act.UNKNOWN_MODEL: (404, "The model does not exist.", "model_not_found"),
    Act.REFUSES_SCHEMA: (400, "response_format is not supported here.", "invalid_request_error"),
    Act.CONTEXT_TOO_LONG: (
        400,
        "This model's maximum context length is exceeded.",
        "context_length_exceeded",
    ),
}


class ScriptedModelServer:
    """The server. `queue` scripts the next requests, `always` all others, `pace` how fast it is.

    `requests` holds every request's body and idempotency key; `bill` what was billed;
    `answering` is set once a call was billed, `stream_broken` once a client left a stream early.
    """

    def __init__(
        self, ledger: Path, *, port: int = 0, pace: Pace | None = None, tariff: Tariff | None = None
    ) -> None:
        self.bill = Bill(ledger)
        self.pace = pace or Pace()
        self.tariff = tariff or Tariff()
        self.requests: list[tuple[str, dict[str, Any]]] = []
        self.answering = threading.Event()
        self.stream_broken = threading.Event()
        self.models = {MODEL}
        self.key = KEY
        self._queued: deque[Behaviour] = deque()
        self._always = Behaviour()
        self._answers: dict[str, dict[str, Any]] = {}
        self._answers_once: dict[str, dict[str, Any]] = {}
        self._socket = socket.socket()
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._socket.bind(("127.0.0.1", port))
        self.port: int = self._socket.getsockname()[1]
        config = uvicorn.Config(
            self.application(),
            log_level="critical",
            lifespan="off",
            ws="none",
            timeout_graceful_shutdown=1,
        )
        self._server = uvicorn.Server(config)
        self._thread: threading.Thread | None = None

    @property
    def base_url(self) -> str:
        """What MADANG_MODEL__BASE_URL is set to."""
        return f"http://127.0.0.1:{self.port}/v1"

    def queue(self, *acts: Act | Behaviour) -> None:
        """Answer the next requests this way, one each."""
        self._queued.extend(a if isinstance(a, Behaviour) else Behaviour(act=a) for a in acts)

    def always(self, act: Act | Behaviour) -> None:
        """Answer every request that is not queued for this way."""
        self._always = act if isinstance(act, Behaviour) else Behaviour(act=act)

    def answer(self, operation: str, reply: dict[str, Any]) -> None:
        """Answer every request of an operation with this object."""
        self._answers[operation] = reply

    def answer_once(self, operation: str, reply: dict[str, Any]) -> None:
        """Answer the next request of an operation with this object."""
        self._answers_once[operation] = reply

    def __enter__(self) -> Self:
        """Start serving in a thread and return once the port answers."""
        self._thread = threading.Thread(target=self.serve, daemon=True)
        self._thread.start()
        while not self._server.started:
            time.sleep(0.005)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """Stop serving, without waiting for streams that hang; once more does nothing."""
        self._server.should_exit = True
        self._server.force_exit = True
        if self._thread is not None:
            self._thread.join(timeout=5)
        self._socket.close()

    def serve(self) -> None:
        """Serve in this thread until stopped."""
        self._server.run(sockets=[self._socket])

    def application(self) -> Starlette:
        """Return the ASGI application."""
        return Starlette(
            routes=[
                Route("/v1/chat/completions", self._complete, methods=["POST"]),
                Route("/v1/models", self._list_models),
                Route("/_scripted/queue", self._take_queue, methods=["POST"]),
                Route("/_scripted/always", self._take_always, methods=["POST"]),
                Route("/_scripted/pace", self._take_pace, methods=["POST"]),
                Route("/_scripted/requests", self._show_requests),
            ]
        )

    async def _list_models(self, request: Request) -> Response:
        models = [{"id": m, "object": "model", "owned_by": "tests"} for m in sorted(self.models)]
        return JSONResponse({"object": "list", "data": models})

    async def _take_queue(self, request: Request) -> Response:
        self.queue(*(Behaviour(**item) for item in await request.json()))
        return JSONResponse({"queued": len(self._queued)})

    async def _take_always(self, request: Request) -> Response:
        self.always(Behaviour(**await request.json()))
        return JSONResponse({})

    async def _take_pace(self, request: Request) -> Response:
        self.pace = Pace(**await request.json())
        return JSONResponse({})

    async def _show_requests(self, request: Request) -> Response:
        return JSONResponse([{"key": key, "body": body} for key, body in self.requests])

    async def _complete(self, request: Request) -> Response:
        body: dict[str, Any] = await request.json()
        key = request.headers.get("idempotency-key", "")
        self.requests.append((key, body))
        behaviour = self._behaviour(request, body)
        await asyncio.sleep(self.pace.latency_s)
        if behaviour.act in REFUSALS:
            return _refusal(behaviour)
        answer = _Answer(behaviour.act, body, self._answers, self._answers_once)
        if behaviour.act in BILLED:
            self.bill.append(self._billed(key, body, answer))
            self.answering.set()
        if behaviour.act is Act.HANG:
            await asyncio.sleep(3600)
        if not body.get("stream"):
            return JSONResponse(answer.whole())
        return StreamingResponse(self._stream(answer), media_type="text/event-stream")

    def _behaviour(self, request: Request, body: dict[str, Any]) -> Behaviour:
        if request.headers.get("authorization") != f"Bearer {self.key}":
            return Behaviour(act=Act.WRONG_KEY)
        if body.get("model") not in self.models:
            return Behaviour(act=Act.UNKNOWN_MODEL)
        behaviour = self._queued.popleft() if self._queued else self._always
        if behaviour.act is Act.REFUSES_SCHEMA and "response_format" not in body:
            return Behaviour()
        return behaviour

    def _billed(self, key: str, body: dict[str, Any], answer: "_Answer") -> BilledCall:
        cost = self.tariff.cost_usd(answer.input_tokens, answer.output_tokens)
        return BilledCall(
            idempotency_key=key,
            request_hash=hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest(),
            operation=answer.operation,
            input_tokens=answer.input_tokens,
            output_tokens=answer.output_tokens,
            cost_usd=str(cost),
        )

    async def _stream(self, answer: "_Answer") -> AsyncIterator[bytes]:
        pieces = answer.pieces()
        is_whole = False
        try:
            for piece in pieces:
                yield b"data: " + json.dumps(piece).encode() + b"\n\n"
                await asyncio.sleep(self.pace.piece_delay_s)
            is_whole = True
        finally:
            if not is_whole:
                self.stream_broken.set()
        if answer.act is Act.CUT:
            raise _Cut
        if answer.act is not Act.END_EARLY:
            yield b"data: [DONE]\n\n"


class _Cut(Exception):
    """Ends a stream in the middle, as a lost connection does."""


class _Answer:
    """One answer: its text and its usage, whole or in pieces."""

    def __init__(
        self,
        act: Act,
        body: dict[str, Any],
        fixed: dict[str, dict[str, Any]],
        fixed_once: dict[str, dict[str, Any]],
    ) -> None:
        self.act = act
        self.model = str(body.get("model"))
        prompt = "\n\n".join(str(m["content"]) for m in body["messages"])
        self.operation, text = scripted_reply(prompt, body.get("response_format"))
        given = fixed_once.pop(self.operation, fixed.get(self.operation))
        self.text = self._changed(text if given is None else json.dumps(given))
        self.input_tokens = _tokens(json.dumps(body, ensure_ascii=False))
        bound = int(body.get("max_completion_tokens") or body.get("max_tokens") or 100_000)
        self.output_tokens = bound if act is Act.OVER_LONG else min(bound, _tokens(self.text))

    def whole(self) -> dict[str, Any]:
        """Return the answer of a request without streaming."""
        message = {"role": "assistant", "content": self.text}
        choice = {"index": 0, "message": message, "finish_reason": self._finish_reason}
        frame = self._frame([choice]) | {"object": "chat.completion"}
        return frame if self.act is Act.NO_USAGE else frame | {"usage": self._usage}

    def pieces(self) -> list[dict[str, Any]]:
        """Return the pieces of a stream, ending with the usage."""
        texts = [self.text[i : i + PIECE_LENGTH] for i in range(0, len(self.text), PIECE_LENGTH)]
        pieces = [self._piece({"role": "assistant", "content": ""})]
        pieces += [self._piece({"content": text}) for text in texts]
        if self.act in {Act.CUT, Act.END_EARLY}:
            return pieces[: max(2, len(pieces) // 2)]
        pieces.append(self._piece({}, self._finish_reason))
        if self.act is not Act.NO_USAGE:
            pieces.append(self._frame([]) | {"usage": self._usage})
        return pieces

    def _piece(self, delta: dict[str, str], finish_reason: str | None = None) -> dict[str, Any]:
        return self._frame([{"index": 0, "delta": delta, "finish_reason": finish_reason}])

    def _frame(self, choices: list[dict[str, Any]]) -> dict[str, Any]:
        return {
            "id": "chatcmpl-scripted",
            "object": "chat.completion.chunk",
            "created": 1_700_000_000,
            "model": self.model,
            "choices": choices,
        }

    @property
    def _usage(self) -> dict[str, int]:
        return {
            "prompt_tokens": self.input_tokens,
            "completion_tokens": self.output_tokens,
            "total_tokens": self.input_tokens + self.output_tokens,
        }

    @property
    def _finish_reason(self) -> str:
        return "length" if self.act is Act.OVER_LONG else "stop"

    def _changed(self, text: str) -> str:
        changes = {
            Act.NONSENSE: '{"steps": [{"agent": "resea',
            Act.OUTSIDE_SCHEMA: '{"unexpected": 7}',
            Act.OVER_LONG: text[: len(text) * 2 // 3],
        }
        return changes.get(self.act, text)


def _tokens(text: str) -> int:
    return -(-len(text.encode()) // BYTES_PER_TOKEN)


def _refusal(behaviour: Behaviour) -> Response:
    status, message, code = REFUSALS[behaviour.act]
    headers = {}
    if behaviour.retry_after_s is not None:
        headers["Retry-After"] = f"{behaviour.retry_after_s:g}"
    error = {"message": message, "type": code, "code": code, "param": None}
    return JSONResponse({"error": error}, status_code=status, headers=headers)


def main() -> None:
    """Serve until killed; say the address on standard output."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--ledger", type=Path, required=True)
    parser.add_argument("--latency-s", type=float, default=0.0)
    parser.add_argument("--piece-delay-s", type=float, default=0.0)
    options = parser.parse_args()
    pace = Pace(latency_s=options.latency_s, piece_delay_s=options.piece_delay_s)
    server = ScriptedModelServer(options.ledger, port=options.port, pace=pace)
    print(server.base_url, flush=True)  # noqa: T201 - a command's output
    server.serve()


if __name__ == "__main__":
    main()
