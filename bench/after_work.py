"""What `serve` holds when idle after work: four sample tasks through the API, then quiet."""

import json
import re
import time
import urllib.request
import uuid
from collections.abc import Sequence
from pathlib import Path

import psutil

from app.core.postgres.account import prepare_home

TASKS = 4
IDLE_RELEASE_S = 5
TASKS_TIMEOUT_S = 180
ENDED = frozenset({"done", "partial", "failed", "cancelled"})
LANGUAGES = ("en", "ko")


class Client:
    """The API of a server on this machine, with the key it printed at its first start."""

    def __init__(self, port: int, printed: str) -> None:
        found = re.search(r"shown only now\):\s+(\S+)", printed)
        if found is None:
            message = "the server printed no key"
            raise RuntimeError(message)
        self._url = f"http://127.0.0.1:{port}/api/v1"
        self._key = found[1]

    def work(self, samples: Path) -> None:
        """Do four tasks at once on the bundled samples; raise unless all of them are done."""
        uploaded = {name: self._upload(samples / name) for name in LANGUAGES}
        ids = [self._order(samples, name, uploaded[name]) for name in LANGUAGES * (TASKS // 2)]
        deadline = time.monotonic() + TASKS_TIMEOUT_S
        while (states := {self._status(id) for id in ids}) - ENDED:
            if time.monotonic() > deadline:
                break
            time.sleep(0.5)
        if states != {"done"}:
            message = f"the tasks ended as {sorted(states)}"
            raise RuntimeError(message)

    def _upload(self, folder: Path) -> list[str]:
        boundary = uuid.uuid4().hex
        body = b"".join(
            f'--{boundary}\r\nContent-Disposition: form-data; name="files"; '
            f'filename="{path.name}"\r\n\r\n'.encode()
            + path.read_bytes()
            + b"\r\n"
            for path in sorted(folder.iterdir())
            if path.name != "GOAL.txt"
        )
        content_type = f"multipart/form-data; boundary={boundary}"
        answer = self._send("/files", body + f"--{boundary}--\r\n".encode(), content_type)
        return [item["id"] for item in answer["items"]]

    def _order(self, samples: Path, language: str, file_ids: Sequence[str]) -> str:
        goal = (samples / language / "GOAL.txt").read_text(encoding="utf-8")
        order = {"goal": goal, "file_ids": file_ids, "language": language}
        answer = self._send("/orchestrator/complex-task", json.dumps(order).encode())
        return str(answer["id"])

    def _status(self, task_id: str) -> str:
        return str(self._send(f"/tasks/{task_id}")["status"])

    def _send(
        self, path: str, body: bytes | None = None, content_type: str = "application/json"
    ) -> dict[str, list[dict[str, str]]]:
        headers = {"Authorization": f"Bearer {self._key}", "Content-Type": content_type}
        request = urllib.request.Request(self._url + path, data=body, headers=headers)  # noqa: S310 - our own server
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 - our own server
            return json.load(answer)  # type: ignore[no-any-return]  # our own server's answer


def family_mb(pid: int) -> float:
    """Return the resident memory of a process and all below it, in MB."""
    process = psutil.Process(pid)
    return _sum_mb([process, *process.children(recursive=True)])


def postgres_mb(data_dir: Path) -> float:
    """Return the same of the embedded PostgreSQL below a data folder: a server of its own.

    Its shared buffers count once for each of its processes that touched them.
    """
    pid_file = prepare_home(data_dir).cluster_dir / "postmaster.pid"
    return family_mb(int(pid_file.read_text(encoding="utf-8").split("\n", 1)[0]))


def _sum_mb(processes: Sequence[psutil.Process]) -> float:
    total = 0
    for process in processes:
        try:
            total += process.memory_info().rss
        except psutil.NoSuchProcess:
            continue
    return total / 1e6
