"""A rig for crash tests: a real data folder, a scripted model server in a process of its own, and
`madang run --resume` in another, which is killed.
"""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Self

import psycopg
from pydantic import SecretStr

from app.core.config import Environment, ModelSettings
from app.core.postgres import EmbeddedPostgres
from app.runtime import open_runtime
from app.schemas.plan import AgentName, ExecutionPlan, PlanStep
from app.services.accounts import AccountRepository, AccountService
from app.services.files import Upload
from tests.factories.database_server import remove_data_folder
from tests.factories.engine import make_plan, make_step
from tests.factories.scripted_behaviour import BilledCall, Tariff, read_bill
from tests.factories.scripted_server import KEY, MODEL
from tests.factories.settings import GivenSettings

BACKEND = Path(__file__).resolve().parents[3]
LATENCY_S = 0.06
RUN_LIMIT_S = 120
FIRST_STEP = "▸"
GOAL = "Prepare two briefs, two workbooks and two decks on the home battery market from the file."


def twelve_steps() -> list[PlanStep]:
    """Return the plan's steps: research in parallel, files from it, a review."""
    research = [make_step(f"research-{n}", title=f"Read part {n}") for n in range(1, 5)]

    def maker(key: str, agent: AgentName, suffix: str, *parents: str) -> PlanStep:
        name = f"{key}{suffix}"
        return make_step(key, *parents, agent=agent, file_name=name, slide_count=None)

    files = [
        maker("workbook-1", AgentName.SHEETS, ".xlsx"),
        maker("workbook-2", AgentName.SHEETS, ".xlsx"),
        maker("brief-1", AgentName.DOCS, ".docx", "research-1", "workbook-1"),
        maker("brief-2", AgentName.DOCS, ".docx", "research-2", "research-3"),
        maker("notes", AgentName.DOCS, ".md", "research-4"),
        maker("deck-1", AgentName.SLIDES, ".pptx", "research-1", "research-2", "workbook-1"),
        maker("deck-2", AgentName.SLIDES, ".pptx", "research-3", "workbook-2"),
    ]
    before = [*research, *files]
    review = make_step("review", agent=AgentName.REVIEW, after=tuple(s.key for s in before))
    return [*before, review]


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What one killed and restarted run came to."""

    status: str
    files: Mapping[str, str]
    repeated: Sequence[str]
    ledger_usd: Decimal
    billed_usd: Decimal
    errors: Mapping[str, object]
    said: str


class FaultRig:
    """Open it once; each `trial` is a new task over the same plan and file."""

    def __init__(self, folder: Path, source: Path) -> None:
        self._folder = folder
        self._source = source
        self._bill = folder / "bill.jsonl"
        self._data_dir = folder / "data"
        self._server: subprocess.Popen[str] | None = None
        self._database = EmbeddedPostgres(self._data_dir)
        self._base_url = ""

    def __enter__(self) -> Self:
        """Start the model server, and the database, which outlives the killed processes."""
        self._database.start()
        self._server = subprocess.Popen(
            [
                *(sys.executable, "-m", "tests.factories.scripted_server"),
                *("--ledger", str(self._bill), "--latency-s", str(LATENCY_S)),
            ],
            cwd=BACKEND,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._server.stdout is not None
        self._base_url = self._server.stdout.readline().strip()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop the servers and remove the data."""
        if self._server is not None:
            self._server.kill()
            self._server.communicate()
        self._database.stop()
        remove_data_folder(self._data_dir)

    def add_task(self) -> str:
        """Start a task without a worker; return its id."""
        return asyncio.run(self._add_task())

    def run_to_end(self, task_id: str) -> float:
        """Run the task undisturbed; return the seconds from its first step to its end."""
        with self._start(task_id) as process:
            started_s = self._wait_for_first_step(process)
            process.communicate(timeout=RUN_LIMIT_S)
        return time.monotonic() - started_s

    def kill_after(self, task_id: str, delay_s: float) -> None:
        """Start the task's process and kill it `delay_s` after its first step began."""
        with self._start(task_id) as process:
            self._wait_for_first_step(process)
            time.sleep(delay_s)
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()

    def trial(self, task_id: str, delay_s: float) -> Outcome:
        """Kill the task's process after `delay_s`, restart it, and say what came of it."""
        self.kill_after(task_id, delay_s)
        recorded = self._recorded_keys(task_id)
        billed_before = Counter(call.idempotency_key for call in self._billed(task_id))
        said = self.run_to_end_or_report(task_id)
        billed = Counter(call.idempotency_key for call in self._billed(task_id))
        status, files, ledger_usd = self._task(task_id)
        return Outcome(
            status=status,
            files=files,
            repeated=[key for key in recorded if billed[key] > billed_before[key]],
            ledger_usd=ledger_usd,
            billed_usd=sum((Decimal(c.cost_usd) for c in self._billed(task_id)), Decimal(0)),
            errors=self._errors(task_id),
            said=said,
        )

    def run_to_end_or_report(self, task_id: str) -> str:
        """Run the task again, also when the first process had finished it; return what it said."""
        with self._start(task_id) as process:
            said, _ = process.communicate(timeout=RUN_LIMIT_S)
        return said

    def files_of(self, task_id: str) -> Mapping[str, str]:
        """Return the hash of each file of a task, by name."""
        return self._task(task_id)[1]

    async def _add_task(self) -> str:
        async with open_runtime(self._settings()) as runtime:
            async with runtime.database.transaction() as session:
                owner = await AccountService(AccountRepository(session)).local_owner()
            upload = Upload(self._source.name, self._source.read_bytes())
            file = await runtime.files.add(owner.id, upload)
            task = await runtime.orchestration.execute_plan(
                owner.id, self._plan(file.id), cap_usd=50
            )
        return task.id

    def _plan(self, file_id: str) -> ExecutionPlan:
        return make_plan(
            twelve_steps(), goal=GOAL, model=f"openai:{MODEL}", file_ids=(file_id,), content_hash=""
        )

    def _settings(self) -> GivenSettings:
        tariff = Tariff()
        return GivenSettings(
            environment=Environment.TEST,
            data_dir=self._data_dir,
            model=ModelSettings(
                base_url=self._base_url,
                api_key=SecretStr(KEY),
                input_usd_per_mtok=float(tariff.input_usd_per_mtok),
                output_usd_per_mtok=float(tariff.output_usd_per_mtok),
            ),
        )

    def _start(self, task_id: str) -> "subprocess.Popen[str]":
        settings = self._settings()
        variables = {
            "PATH": os.defpath,
            "LANG": "C.UTF-8",
            "MADANG_DATA_DIR": str(self._data_dir),
            "MADANG_MODEL__BASE_URL": self._base_url,
            "MADANG_MODEL__API_KEY": KEY,
            "MADANG_MODEL__INPUT_USD_PER_MTOK": str(settings.model.input_usd_per_mtok),
            "MADANG_MODEL__OUTPUT_USD_PER_MTOK": str(settings.model.output_usd_per_mtok),
        }
        out = self._folder / "out"
        return subprocess.Popen(
            [
                *(sys.executable, "-m", "app.cli", "run", "--resume", task_id),
                *("--yes", "--out", str(out)),
            ],
            cwd=BACKEND,
            env=variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def _wait_for_first_step(self, process: "subprocess.Popen[str]") -> float:
        assert process.stdout is not None
        said = []
        for line in process.stdout:
            said.append(line)
            if FIRST_STEP in line:
                return time.monotonic()
        message = f"the task's process ended without starting a step:\n{''.join(said)}"
        raise AssertionError(message)

    def _billed(self, task_id: str) -> list[BilledCall]:
        return [c for c in read_bill(self._bill) if c.idempotency_key.startswith(f"{task_id}:")]

    def _recorded_keys(self, task_id: str) -> list[str]:
        rows = self._query(
            "SELECT step_key, seq FROM model_calls WHERE task_id = %s AND status = 'done'", task_id
        )
        return [f"{task_id}:{step_key}:{seq}" for step_key, seq in rows]

    def _task(self, task_id: str) -> tuple[str, dict[str, str], Decimal]:
        files = self._query("SELECT name, sha256 FROM artifacts WHERE task_id = %s", task_id)
        ((status, spent),) = self._query(
            "SELECT status, spent_usd + reserved_usd FROM tasks WHERE id = %s", task_id
        )
        return str(status), {str(name): str(sha256) for name, sha256 in files}, Decimal(str(spent))

    def _errors(self, task_id: str) -> dict[str, object]:
        rows = self._query(
            "SELECT key, error FROM agent_tasks WHERE task_id = %s AND error IS NOT NULL", task_id
        )
        return {str(key): error for key, error in rows}

    def _query(self, statement: str, task_id: str) -> list[tuple[object, ...]]:
        with psycopg.connect(self._database.url) as connection:
            return connection.execute(statement.encode(), [task_id]).fetchall()
