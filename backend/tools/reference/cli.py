"""The page of all commands, from the command line itself."""

from collections.abc import Iterator

from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption
from typer.main import get_command

from app.cli import exit_codes, madang
from tools.reference.markdown import page, table

Command = TyperCommand | TyperGroup


def commands(name: str, command: object) -> Iterator[tuple[str, Command]]:
    """Yield every command below this one, by its full name."""
    if isinstance(command, TyperGroup):
        if command.invoke_without_command:
            yield name, command
        for child_name in sorted(command.commands):
            yield from commands(f"{name} {child_name}", command.commands[child_name])
    elif isinstance(command, TyperCommand) and not command.hidden:
        yield name, command


def all_commands() -> list[tuple[str, Command]]:
    """Return every command of the application, by its full name."""
    return list(commands("madang", get_command(madang)))


def option_names(option: TyperOption) -> str:
    """Return how an option is written."""
    return ", ".join(f"`{name}`" for name in [*option.opts, *option.secondary_opts])


def default_of(option: TyperOption) -> str:
    """Return an option's default, if it says anything."""
    value = option.default
    return "" if value in (None, False, (), []) or callable(value) else f"`{value}`"


def command_section(name: str, command: Command) -> str:
    """Return the section of one command."""
    arguments = [p for p in command.params if isinstance(p, TyperArgument)]
    options = [p for p in command.params if isinstance(p, TyperOption) and "--help" not in p.opts]
    rows = [
        *((f"`{(a.metavar or a.name or '').upper()}`", "", a.help or "") for a in arguments),
        *((option_names(o), default_of(o), o.help or "") for o in options),
    ]
    words = " ".join((command.help or "").split())
    grid = table(("Argument", "Default", "Meaning"), rows).strip() if rows else ""
    return "\n\n".join(part for part in (f"## {name}", words, grid) if part)


def exit_code_section() -> str:
    """Return the section of exit codes."""
    endings: dict[int, list[str]] = {}
    for status, code in exit_codes.STATUS_EXIT_CODES.items():
        endings.setdefault(code, []).append(f"the task is {status}")
    for kind, code in exit_codes.EXIT_CODES.items():
        endings.setdefault(code, []).append(f"an error of the category {kind.__name__}")
    endings.setdefault(exit_codes.UNEXPECTED, []).append("a defect of Madang; the log says more")
    endings.setdefault(exit_codes.NOT_READY, []).append("`doctor` found something not ready")
    endings.setdefault(exit_codes.INTERRUPTED, []).append("Ctrl+C")
    rows = [(str(code), ", ".join(endings[code])) for code in sorted(endings)]
    return "## Exit codes\n\n" + table(("Code", "Means"), rows)


def render() -> str:
    """Return the whole page."""
    return page(
        "Command line",
        "`./run WORD ...` is `madang WORD ...` with the set-up done.",
        exit_code_section(),
        *(command_section(*entry) for entry in all_commands()),
    )
