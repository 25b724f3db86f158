"""What the scripted model server does with a request, and what it writes down."""

import json
import os
from dataclasses import asdict, dataclass
from decimal import ROUND_UP, Decimal
from enum import StrEnum
from pathlib import Path


class Act(StrEnum):
    """One way of answering."""

    OK = "ok"
    RATE_LIMITED = "rate_limited"
    NO_CREDIT = "no_credit"
    SERVER_ERROR = "server_error"
    HANG = "hang"
    CUT = "cut"
    END_EARLY = "end_early"
    NONSENSE = "nonsense"
    OUTSIDE_SCHEMA = "outside_schema"
    OVER_LONG = "over_long"
    WRONG_KEY = "wrong_key"
    UNKNOWN_MODEL = "unknown_model"
    REFUSES_SCHEMA = "refuses_schema"
    CONTEXT_TOO_LONG = "context_too_long"
    NO_USAGE = "no_usage"


BILLED = frozenset(
    {
        Act.OK,
        Act.HANG,
        Act.CUT,
        Act.END_EARLY,
        Act.NONSENSE,
        Act.OUTSIDE_SCHEMA,
        Act.OVER_LONG,
        Act.NO_USAGE,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Behaviour:
    """How one request is answered. `retry_after_s` goes with `RATE_LIMITED`."""

    act: Act = Act.OK
    retry_after_s: float | None = None


@dataclass(slots=True, kw_only=True)
class Pace:
    """How long answers take: before the first byte, and between pieces of the stream."""

    latency_s: float = 0.0
    piece_delay_s: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class BilledCall:
    """One line of the bill."""

    idempotency_key: str
    request_hash: str
    operation: str
    input_tokens: int
    output_tokens: int
    cost_usd: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tariff:
    """The server's prices, in dollars per million tokens."""

    input_usd_per_mtok: Decimal = Decimal(1)
    output_usd_per_mtok: Decimal = Decimal(4)

    def cost_usd(self, input_tokens: int, output_tokens: int) -> Decimal:
        """Return what a call costs, rounded up to 1e-8 dollars."""
        micros = self.input_usd_per_mtok * input_tokens + self.output_usd_per_mtok * output_tokens
        return (micros / 1_000_000).quantize(Decimal("1e-8"), rounding=ROUND_UP)


class Bill:
    """The file of billed calls: one JSON object a line, on disk before the answer begins."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def append(self, call: BilledCall) -> None:
        """Write a line and wait until it is on disk."""
        line = json.dumps(asdict(call), sort_keys=True) + "\n"
        descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        try:
            os.write(descriptor, line.encode())
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def read(self) -> list[BilledCall]:
        """Return all lines."""
        return read_bill(self.path)

    @property
    def total_usd(self) -> Decimal:
        """What all billed calls cost."""
        return sum((Decimal(call.cost_usd) for call in self.read()), Decimal(0))


def read_bill(path: Path) -> list[BilledCall]:
    """Return the calls that a bill's file holds."""
    if not path.exists():
        return []
    return [BilledCall(**json.loads(line)) for line in path.read_text("utf-8").splitlines()]
