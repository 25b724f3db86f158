"""What a ledger's calls would have cost under a policy: arithmetic on recorded tokens."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache

from app.agents.routing import PLANNING, Candidate, Need, Router, need_of
from app.core.policy import Policy
from app.schemas.plan import AgentName, Complexity, PlanStep
from app.schemas.simulation import Caveat, LeftOut, SimulatedShare, SimulationRead
from app.services.spending.period import Period
from app.services.spending.repository import StepSpend

PLANNING_NAME = "planning"
ZERO = Decimal(0)
RouterOn = Callable[[date], Router]


@dataclass(slots=True)
class _Share:
    actual_calls: int = 0
    actual_usd: Decimal = ZERO
    simulated_calls: int = 0
    simulated_usd: Decimal = ZERO

    def read(self, name: str) -> SimulatedShare:
        return SimulatedShare(
            name=name,
            actual_calls=self.actual_calls,
            actual_usd=float(self.actual_usd),
            simulated_calls=self.simulated_calls,
            simulated_usd=float(self.simulated_usd),
        )


@dataclass(slots=True)
class _Sums:
    """All that is added up."""

    whole: _Share = field(default_factory=_Share)
    models: dict[str, _Share] = field(default_factory=lambda: defaultdict(_Share))
    agents: dict[str, _Share] = field(default_factory=lambda: defaultdict(_Share))
    operations: dict[str, _Share] = field(default_factory=lambda: defaultdict(_Share))
    left_calls: Counter[Caveat] = field(default_factory=Counter)
    left_usd: dict[Caveat, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    candidates: dict[str, None] = field(default_factory=dict)

    def add(self, spend: StepSpend, model: str, cost_usd: Decimal) -> None:
        """Enter simulated calls."""
        agent = spend.agent or PLANNING_NAME
        shares = (self.whole, self.agents[agent], self.operations[spend.operation])
        for share in (*shares, self.models[spend.model]):
            share.actual_calls += spend.calls
            share.actual_usd += spend.cost_usd
        for share in (*shares, self.models[model]):
            share.simulated_calls += spend.calls
            share.simulated_usd += cost_usd

    def leave_out(self, reason: Caveat, calls: int, cost_usd: Decimal) -> None:
        """Enter calls that cannot be simulated."""
        self.left_calls[reason] += calls
        self.left_usd[reason] += cost_usd


def simulate(
    spends: Sequence[StepSpend],
    *,
    policy: Policy,
    period: Period,
    router_on: RouterOn,
    builtin_steps: int,
) -> SimulationRead:
    """Return what the calls would have cost if the policy had chosen the model of each step.

    `router_on` gives the policy's candidates with their prices of a day. Steps whose model somebody
    named keep it; the tokens are those recorded.
    """
    sums = _Sums()
    router_of = cache(router_on)
    for spend in spends:
        if spend.uncounted_calls:
            sums.leave_out(Caveat.CALLS_WITHOUT_COUNTS, spend.uncounted_calls, spend.uncounted_usd)
        if spend.calls:
            _enter(spend, sums, router_of)
    counted = [spend for spend in spends if spend.calls]
    return SimulationRead(
        policy=policy,
        since=period.since,
        until=period.until,
        candidates=tuple(sums.candidates),
        calls=sums.whole.actual_calls,
        input_tokens=sum(spend.input_tokens for spend in counted),
        output_tokens=sum(spend.output_tokens for spend in counted),
        total_usd=float(sums.whole.actual_usd + sum(sums.left_usd.values(), ZERO)),
        actual_usd=float(sums.whole.actual_usd),
        simulated_usd=float(sums.whole.simulated_usd),
        by_model=_read(sums.models),
        by_agent=_read(sums.agents),
        by_operation=_read(sums.operations),
        left_out=tuple(
            LeftOut(reason=reason, calls=calls, cost_usd=float(sums.left_usd[reason]))
            for reason, calls in sorted(sums.left_calls.items())
        ),
        builtin_steps=builtin_steps,
        caveats=tuple(_caveats(counted, sums.left_calls, builtin_steps)),
    )


def _enter(spend: StepSpend, sums: _Sums, router_on: RouterOn) -> None:
    if spend.named_model:
        sums.add(spend, spend.model, spend.cost_usd)
        return
    candidates = router_on(spend.day).candidates
    sums.candidates |= dict.fromkeys(candidate.model for candidate in candidates)
    if not candidates:
        sums.leave_out(Caveat.NO_PRICE, spend.calls, spend.cost_usd)
        return
    chosen = router_on(spend.day).choose(_need(spend)).model
    sums.add(spend, chosen, _cost(candidates, chosen, spend))


def _need(spend: StepSpend) -> Need:
    if spend.agent is None or spend.complexity is None:
        return PLANNING
    step = PlanStep(
        key="step",
        agent=AgentName(spend.agent),
        title="-",
        complexity=Complexity(spend.complexity),
    )
    return need_of(step, spend.source_characters or 0)


def _cost(candidates: Iterable[Candidate], chosen: str, spend: StepSpend) -> Decimal:
    price = next(c.price for c in candidates if c.model == chosen)
    return ZERO if price is None else price.cost_usd(spend.input_tokens, spend.output_tokens)


def _read(shares: dict[str, _Share]) -> tuple[SimulatedShare, ...]:
    dearest_first = sorted(shares.items(), key=lambda item: (-item[1].actual_usd, item[0]))
    return tuple(share.read(name) for name, share in dearest_first)


def _caveats(
    counted: Sequence[StepSpend], left: Counter[Caveat], builtin_steps: int
) -> Iterable[Caveat]:
    if counted:
        yield from (Caveat.TOKENS_AS_RECORDED, Caveat.QUALITY_UNKNOWN)
    yield from sorted(left)
    if any(spend.named_model for spend in counted):
        yield Caveat.NAMED_MODELS_KEPT
    if builtin_steps:
        yield Caveat.BUILTIN_STEPS_FREE
