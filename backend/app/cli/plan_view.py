"""A plan before its run: the steps, what they are expected to take, and what was assumed."""

from collections.abc import Sequence

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from app.agents.history import MIN_RUNS
from app.agents.transitions import TaskStatus
from app.cli.formatting import duration_text, money_text, one_line, short_id
from app.cli.invocation import program
from app.cli.tables import grid, indented, listing
from app.cli.terminal import Terminal
from app.core.config import BUILTIN
from app.schemas.plan import Basis, BasisKind, ExecutionPlan, PlanStep, QuotedPrice, Range
from app.schemas.plan_edit import DecisionKind, PlanRead, PlanStatus
from app.schemas.priority import TaskPriority
from app.schemas.task import TaskRead

SHOWN_HASH = 12
DECISIONS = {
    DecisionKind.USER: "decided_by_user",
    DecisionKind.ORDER: "decided_by_order",
    DecisionKind.AUTO: "decided_by_limit",
    DecisionKind.REPLAN: "decided_by_replan",
}
BASIS_WORDS = {
    BasisKind.ACTUALS: "basis_actuals",
    BasisKind.MIXED: "basis_mixed",
    BasisKind.PRIORS: "basis_priors",
}


def plan_view(
    task: TaskRead,
    plan: ExecutionPlan,
    terminal: Terminal,
    notices: Sequence[str] = (),
    *,
    has_keys: bool = False,
) -> list[RenderableType]:
    """Return what a person is shown before saying yes; with `has_keys`, each step's key."""
    heading = Text.assemble(
        (terminal.words("plan"), "bold cyan"), "  ", (one_line(plan.title), "bold")
    )
    said = [*notices, *plan.notices]
    parts: list[RenderableType] = [
        Text(),
        heading,
        Text(),
        indented(_steps(plan, terminal, has_keys=has_keys)),
        Text(),
    ]
    parts.append(indented(_quote(task, plan, terminal)))
    if said:
        parts.append(indented(_notes(said, terminal)))
    return [*parts, Text()]


def revision_view(
    task: TaskRead, read: PlanRead, terminal: Terminal, notices: Sequence[str] = ()
) -> list[RenderableType]:
    """Return a revision of a plan with what is needed to edit it and to decide on it."""
    stands = terminal.words(
        "revision_stands",
        revision=read.revision,
        status=terminal.words(f"status_{read.status}"),
        hash=read.content_hash[:SHOWN_HASH],
    )
    parts = plan_view(task, read.plan, terminal, notices, has_keys=True)
    parts += [Text("  " + stands, style="dim")]
    if read.decision is not None:
        parts.append(Text("  " + terminal.words(DECISIONS[read.decision]), style="dim"))
    if read.status is PlanStatus.PROPOSED and read.task_status == TaskStatus.PLANNED:
        parts += [Text(), indented(_decisions(task, terminal)), Text()]
    return parts


def _decisions(task: TaskRead, terminal: Terminal) -> Table:
    id = short_id(task.id)
    rows = [
        (terminal.words("next_edit"), f"{program()} plan edit {id} --set KEY.FIELD=VALUE"),
        (terminal.words("next_run"), f"{program()} run --resume {id} --yes"),
        (terminal.words("next_reject"), f"{program()} plan reject {id}"),
    ]
    return _labelled(rows, style="cyan")


def _steps(plan: ExecutionPlan, terminal: Terminal, *, has_keys: bool) -> Table:
    numbers = {step.key: str(number) for number, step in enumerate(plan.steps, start=1)}
    table = listing()
    table.add_column("#", justify="right", style="dim")
    if has_keys:
        table.add_column(terminal.words("column_key"), style="cyan", no_wrap=True)
    table.add_column(terminal.words("column_step"), ratio=1, overflow="fold")
    table.add_column(terminal.words("column_agent"), no_wrap=True)
    table.add_column(terminal.words("column_file"), overflow="fold")
    table.add_column(terminal.words("column_after"), no_wrap=True)
    for step in plan.steps:
        before = ", ".join(numbers[key] for key in (*step.depends_on, *step.after))
        table.add_row(
            numbers[step.key],
            *((step.key,) if has_keys else ()),
            _title(step, terminal),
            Text(terminal.words(f"agent_{step.agent}"), style="cyan"),
            Text(one_line(step.file_name or ""), style="dim"),
            Text(before, style="dim"),
        )
    return table


def _title(step: PlanStep, terminal: Terminal) -> Text:
    title = Text(one_line(step.title))
    if not step.required:
        title.append(f" ({terminal.words('optional')})", style="dim")
    own = [_model(step, terminal)] if step.model is not None else []
    if step.cap_usd is not None:
        own.append(terminal.words("step_cap", cap=money_text(step.cap_usd)))
    if step.deadline_s is not None:
        time = duration_text(step.deadline_s, terminal.language)
        own.append(terminal.words("step_deadline", time=time))
    if own:
        title.append(f" · {' · '.join(own)}", style="dim")
    return title


def _model(step: PlanStep, terminal: Terminal) -> str:
    said = one_line(step.model or "")
    if step.model_reason is not None:
        said += f": {one_line(step.model_reason)}"
    if step.fallbacks:
        models = ", ".join(one_line(model) for model in step.fallbacks)
        said += f"; {terminal.words('step_fallbacks', models=models)}"
    return said


def _quote(task: TaskRead, plan: ExecutionPlan, terminal: Terminal) -> Table:
    quote = plan.quote
    rows = [("quote_time", _time_range(quote.time_s, terminal))]
    rows.append(("quote_cost", _cost(task, plan, terminal)))
    if quote.tokens.p90 > 0:
        tokens = terminal.words(
            "quote_range", p50=f"{quote.tokens.p50:,.0f}", p90=f"{quote.tokens.p90:,.0f}"
        )
        rows.append(("quote_tokens", tokens))
    rows.append(("quote_basis", _basis(quote.basis, terminal)))
    if plan.policy is not None:
        rows.append(("policy", terminal.words(f"policy_{plan.policy}")))
    if plan.model != BUILTIN:
        rows.append(("model", one_line(plan.model)))
    if task.priority is not TaskPriority.NORMAL:
        rows.append(("priority", terminal.words(f"priority_{task.priority}")))
    if plan.price is not None:
        rows.append(("price", _price(plan.price, terminal)))
    return _labelled([(terminal.words(key), words) for key, words in rows], style="")


def _basis(basis: Basis, terminal: Terminal) -> str:
    return terminal.words(BASIS_WORDS[basis.kind], runs=basis.runs, needed=MIN_RUNS)


def _price(price: QuotedPrice, terminal: Terminal) -> str:
    source = price.source
    if price.effective_on is not None:
        source = terminal.words("price_since", source=source, day=price.effective_on.isoformat())
    return terminal.words(
        "price_per_mtok",
        into=money_text(price.input_usd_per_mtok),
        out=money_text(price.output_usd_per_mtok),
        source=source,
    )


def _time_range(seconds: Range, terminal: Terminal) -> str:
    return terminal.words(
        "quote_range",
        p50=duration_text(seconds.p50, terminal.language),
        p90=duration_text(seconds.p90, terminal.language),
    )


def _cost(task: TaskRead, plan: ExecutionPlan, terminal: Terminal) -> str:
    cost, cap = plan.quote.cost_usd, money_text(task.cap_usd)
    if cost.p90 == 0 and plan.model == BUILTIN:
        return terminal.words("free")
    if cost.p90 == 0:
        return terminal.words("free_model", model=one_line(plan.model), cap=cap)
    expected = terminal.words("quote_range", p50=money_text(cost.p50), p90=money_text(cost.p90))
    return terminal.words("quote_cap", range=expected, cap=cap)


def _notes(notes: Sequence[str], terminal: Terminal) -> Table:
    label = terminal.words("note")
    return _labelled([(label, one_line(note)) for note in notes], style="yellow")


def _labelled(rows: Sequence[tuple[str, str]], *, style: str) -> Table:
    table = grid()
    table.add_column(style="dim", no_wrap=True)
    table.add_column(style=style, overflow="fold")
    for label, words in rows:
        table.add_row(label, words)
    return table
