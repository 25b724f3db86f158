"""A plan before its run: the steps, what they are expected to take, and what was assumed."""

from collections.abc import Sequence

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from app.agents.history import MIN_RUNS
from app.cli.formatting import duration_text, money_text, one_line
from app.cli.tables import grid, indented, listing
from app.cli.terminal import Terminal
from app.core.config import BUILTIN
from app.schemas.plan import Basis, BasisKind, ExecutionPlan, PlanStep, QuotedPrice, Range
from app.schemas.task import TaskRead

BASIS_WORDS = {
    BasisKind.ACTUALS: "basis_actuals",
    BasisKind.MIXED: "basis_mixed",
    BasisKind.PRIORS: "basis_priors",
}


def plan_view(
    task: TaskRead, plan: ExecutionPlan, terminal: Terminal, notices: Sequence[str] = ()
) -> list[RenderableType]:
    """Return what a person is shown before saying yes."""
    heading = Text.assemble(
        (terminal.words("plan"), "bold cyan"), "  ", (one_line(plan.title), "bold")
    )
    said = [*notices, *plan.notices]
    parts: list[RenderableType] = [
        Text(),
        heading,
        Text(),
        indented(_steps(plan, terminal)),
        Text(),
    ]
    parts.append(indented(_quote(task, plan, terminal)))
    if said:
        parts.append(indented(_notes(said, terminal)))
    return [*parts, Text()]


def _steps(plan: ExecutionPlan, terminal: Terminal) -> Table:
    numbers = {step.key: str(number) for number, step in enumerate(plan.steps, start=1)}
    table = listing()
    table.add_column("#", justify="right", style="dim")
    table.add_column(terminal.words("column_step"), ratio=1, overflow="fold")
    table.add_column(terminal.words("column_agent"), no_wrap=True)
    table.add_column(terminal.words("column_file"), overflow="fold")
    table.add_column(terminal.words("column_after"), no_wrap=True)
    for step in plan.steps:
        before = ", ".join(numbers[key] for key in (*step.depends_on, *step.after))
        table.add_row(
            numbers[step.key],
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
    return title


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
    if plan.model != BUILTIN:
        rows.append(("model", one_line(plan.model)))
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
    if plan.model == BUILTIN:
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
