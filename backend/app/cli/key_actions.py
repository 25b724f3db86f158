"""What the commands of `madang key` do."""

from app.cli.edge import Action
from app.cli.errors import OptionInvalid
from app.cli.file_actions import in_session
from app.cli.session import Session
from app.cli.terminal import Terminal
from app.services.accounts import AccountRepository, AccountService

MAX_NAME_LENGTH = 100


def new(name: str) -> Action:
    """Make a key beside those there are."""

    async def work(session: Session, terminal: Terminal) -> None:
        if not 0 < len(name.strip()) <= MAX_NAME_LENGTH:
            raise OptionInvalid(f"--name must have 1 to {MAX_NAME_LENGTH} characters.")
        async with session.runtime.database.transaction() as rows:
            accounts = AccountService(AccountRepository(rows))
            key = await accounts.create_key(await accounts.local_owner(), name=name.strip())
        _show(key, terminal, replaces=False)

    return in_session(work)


def reset() -> Action:
    """Make a key in place of all there are."""

    async def work(session: Session, terminal: Terminal) -> None:
        async with session.runtime.database.transaction() as rows:
            accounts = AccountService(AccountRepository(rows))
            key = await accounts.replace_keys(await accounts.local_owner())
        _show(key, terminal, replaces=True)

    return in_session(work)


def _show(key: str, terminal: Terminal, *, replaces: bool) -> None:
    terminal.document({"key": key, "replaces_others": replaces})
    terminal.show(key)
    if not terminal.as_json:
        terminal.tell("key_once")
        if replaces:
            terminal.tell("key_replaced")
