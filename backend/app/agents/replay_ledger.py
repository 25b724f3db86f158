"""A ledger that answers from what was recorded and never sends anything."""

from collections import defaultdict, deque
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from app.agents.ledger_port import ModelReply, ModelRequest, Send, SendFault, SendRejected
from app.core.errors import Conflict

REJECTED = "rejected"


class BundleIncomplete(Conflict):
    """The replay asks something that the recorded task did not ask, so there is no reply to it."""

    code = "bundle_incomplete"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedSend:
    """One recorded send of a call; sends come in the order of `seq` and of their tries."""

    step_key: str
    seq: int
    request_hash: str
    status: str
    reply: ModelReply | None
    error: str | None


class ReplyTape:
    """What was recorded of a whole task: the replies to each request of each step, in order.

    `replayed` counts the replies given; `absent` names what was asked for and is not there.
    """

    def __init__(self, sends: Iterable[RecordedSend]) -> None:
        self.replayed = 0
        self.absent: list[str] = []
        self._replies: defaultdict[tuple[str, str], deque[tuple[int, ModelReply]]]
        self._replies = defaultdict(deque)
        self._refusals: dict[tuple[str, str], str] = {}
        answered: set[tuple[str, int]] = set()
        for send in sends:
            asked, call = (send.step_key, send.request_hash), (send.step_key, send.seq)
            # A call that was sent twice may have two replies; the first one was used.
            if send.reply is not None and call not in answered:
                answered.add(call)
                self._replies[asked].append((send.seq, send.reply))
            elif send.status == REJECTED:
                self._refusals[asked] = send.error or "refused"

    def take(self, step_key: str, request: ModelRequest) -> ModelReply:
        """Return the next recorded reply to this request of the step.

        Raises:
            SendRejected: It was refused as too long; the step went on with less.
            BundleIncomplete: It was never asked, or not as often.
        """
        # Whichever model answered; of the same thing asked twice, the first time first.
        tapes = [self._replies[step_key, name] for name in request.call_hashes]
        told = min((tape for tape in tapes if tape), key=lambda tape: tape[0][0], default=None)
        if told is not None:
            self.replayed += 1
            return told.popleft()[1]
        asked = (step_key, request.request_hash)
        if asked in self._refusals:
            # Of a step that is done, no other refusal stays without a reply in the end.
            raise SendRejected(self._refusals[asked], fault=SendFault.CONTEXT_TOO_LONG)
        self.absent.append(f"{step_key}: {request.operation}")
        raise BundleIncomplete(
            f"Step {step_key} asks its model for {request.operation} in other words than were "
            "recorded, and a replay sends nothing."
        )

    def ledger(self, step_key: str) -> "ReplayLedger":
        """Return the ledger of one step."""
        return ReplayLedger(self, step_key)


class ReplayLedger:
    """The `ModelLedger` of one replayed step."""

    def __init__(self, tape: ReplyTape, step_key: str) -> None:
        self._tape = tape
        self._step_key = step_key

    async def call(
        self,
        request: ModelRequest,
        reserve_usd: Decimal,  # noqa: ARG002 - the port's; a replay costs nothing
        send: Send,  # noqa: ARG002 - the port's; a replay sends nothing
    ) -> ModelReply:
        """Return the recorded reply; `send` is never used and nothing is reserved.

        Raises:
            SendRejected: As recorded.
            BundleIncomplete: No reply to this request was recorded.
        """
        return self._tape.take(self._step_key, request)
