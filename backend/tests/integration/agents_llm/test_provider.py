"""Opening the model of the settings, and the scripted server as a process of its own."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr

from app.agents.errors import ModelUnavailable
from app.agents.ledger_port import DirectLedger
from app.agents.llm import ModelProvider, ModelUnknown, PriceUnknown
from app.core.clock import utc_now
from app.core.config import ModelSettings
from tests.factories.scripted_behaviour import read_bill
from tests.factories.scripted_server import KEY, ScriptedModelServer
from tests.integration.agents_llm.test_composer import goal


class TestOpenProvider:
    async def test_gives_composers_that_pay_into_their_own_ledger(
        self, settings: ModelSettings
    ) -> None:
        provider = ModelProvider.open(settings, utc_now())
        ledgers = [DirectLedger(), DirectLedger()]
        for ledger in ledgers:
            await provider.composer(ledger).decompose(goal())
        await provider.aclose()
        assert [len(ledger.calls) for ledger in ledgers] == [1, 1]

    async def test_parallel_composers_share_one_transport(
        self, settings: ModelSettings, server: ScriptedModelServer
    ) -> None:
        provider = ModelProvider.open(settings, utc_now())
        drafts = await asyncio.gather(*(provider.composer().decompose(goal()) for _ in range(20)))
        await provider.aclose()
        assert len({draft.model_dump_json() for draft in drafts}) == 1
        assert len(server.bill.read()) == 20

    def test_a_missing_package_is_named(self) -> None:
        settings = ModelSettings(name="google_genai:gemini-2.5-pro")
        with pytest.raises(ModelUnavailable, match="pip install langchain-google-genai"):
            ModelProvider.open(settings, utc_now())

    @pytest.mark.parametrize(
        ("name", "error"), [("acme:one", ModelUnknown), ("openai:unlisted", PriceUnknown)]
    )
    def test_wrong_settings_are_refused_before_anything_is_sent(
        self, name: str, error: type[Exception]
    ) -> None:
        with pytest.raises(error):
            ModelProvider.open(ModelSettings(name=name), utc_now())

    def test_a_server_of_ones_own_needs_no_key(self, server: ScriptedModelServer) -> None:
        settings = ModelSettings(name="local-model", base_url=server.base_url)
        assert str(ModelProvider.open(settings, utc_now()).spec) == "openai:local-model"


class TestScriptedServer:
    def test_bills_before_the_first_byte_is_sent(
        self, server: ScriptedModelServer, settings: ModelSettings
    ) -> None:
        with (
            httpx.Client() as client,
            client.stream(
                "POST",
                f"{server.base_url}/chat/completions",
                headers={"Authorization": f"Bearer {KEY}", "Idempotency-Key": "k-1"},
                json={
                    "model": "scripted",
                    "stream": True,
                    "messages": [{"role": "user", "content": ""}],
                },
            ) as response,
        ):
            assert response.status_code == 200
            assert [call.idempotency_key for call in server.bill.read()] == ["k-1"]

    def test_answers_without_streaming_too(self, server: ScriptedModelServer) -> None:
        body = {"model": "scripted", "messages": [{"role": "user", "content": "Hello"}]}
        headers = {"Authorization": f"Bearer {KEY}"}
        answer = httpx.post(f"{server.base_url}/chat/completions", headers=headers, json=body)
        assert answer.json()["choices"][0]["finish_reason"] == "stop"
        assert answer.json()["usage"]["total_tokens"] > 0

    def test_lists_its_models(self, server: ScriptedModelServer) -> None:
        listed = httpx.get(f"{server.base_url}/models").json()
        assert [model["id"] for model in listed["data"]] == ["scripted"]

    async def test_runs_as_a_process_and_is_steered_over_http(
        self, server_process: tuple[str, Path]
    ) -> None:
        base_url, bill = server_process
        root = base_url.removesuffix("/v1")
        async with httpx.AsyncClient(transport=httpx.AsyncHTTPTransport(retries=5)) as client:
            await client.post(f"{root}/_scripted/queue", json=[{"act": "server_error"}])
            ledger = await _decompose(base_url)
            seen = await client.get(f"{root}/_scripted/requests")
        (billed,) = read_bill(bill)
        assert len(seen.json()) == 2
        assert billed.operation == "decompose"
        assert str(ledger.spent_usd) == billed.cost_usd


@pytest.fixture
def server_process(tmp_path: Path, repository_root: Path) -> Iterator[tuple[str, Path]]:
    bill = tmp_path / "bill.jsonl"
    command = [sys.executable, "-m", "tests.factories.scripted_server", "--ledger", str(bill)]
    folder = repository_root / "backend"
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=folder) as process:
        try:
            assert process.stdout is not None
            yield process.stdout.readline().strip(), bill
        finally:
            process.terminate()


async def _decompose(base_url: str) -> DirectLedger:
    settings = ModelSettings(
        name="openai:scripted",
        base_url=base_url,
        api_key=SecretStr(KEY),
        input_usd_per_mtok=1,
        output_usd_per_mtok=4,
    )
    provider, ledger = ModelProvider.open(settings, utc_now()), DirectLedger()
    await provider.composer(ledger).decompose(goal())
    await provider.aclose()
    return ledger
