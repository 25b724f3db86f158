"""`madang serve` as a process, with its own worker, ordered from by HTTP."""

from collections.abc import Callable
from dataclasses import dataclass, field

import httpx

from app.schemas.plan import ExecutionPlan
from app.schemas.task import TaskRead
from app.services.accounts import AccountRepository, AccountService
from tests.e2e.faults.fleet import Fleet, Process
from tests.e2e.faults.own_postgres import free_port
from tests.e2e.faults.rounds import CAP_USD, Rounds

TIMEOUT_S = 60


@dataclass(kw_only=True)
class ApiProcess:
    """Started once, killed and started again on the same port."""

    fleet: Fleet
    key: str
    port: int = field(default_factory=free_port)
    process: Process | None = None

    def start(self) -> None:
        """Serve, and return when the port answers."""
        self.process = self.fleet.start("-m", "app.cli", "serve", "--port", str(self.port))
        self.fleet.wait_for_log(f":{self.port}")

    def kill(self) -> None:
        """End the process as a crash does."""
        if self.process is not None:
            self.fleet.kill(self.process)
            self.process = None

    async def order(self, make_plan: Callable[[], ExecutionPlan]) -> str:
        """Order a task; return its id."""
        body = {"plan": make_plan().model_dump(mode="json"), "cap_usd": CAP_USD}
        async with self._client() as client:
            answer = await client.post("/api/v1/orchestrator/execute-plan", json=body)
        assert answer.status_code == 202, answer.text
        return TaskRead.model_validate_json(answer.content).id

    async def status(self, task_id: str) -> str:
        """Return a task's status as the API says it."""
        async with self._client() as client:
            answer = await client.get(f"/api/v1/tasks/{task_id}")
        assert answer.status_code == 200, answer.text
        return TaskRead.model_validate_json(answer.content).status

    def _client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{self.port}",
            headers={"Authorization": f"Bearer {self.key}"},
            timeout=TIMEOUT_S,
        )


async def api_process_for(rounds: Rounds) -> ApiProcess:
    """Return an API process, not started, and a key for it."""
    async with rounds.runtime.database.transaction() as session:
        accounts = AccountService(AccountRepository(session))
        key = await accounts.create_key(await accounts.local_owner(), name="faults")
    return ApiProcess(fleet=rounds.fleet, key=key)
