"""Policies as typed: a routed plan, refusals in a sentence, the simulation, the doctor."""

import json

from tests.e2e.cli.command import GOAL, Madang

CANDIDATES = json.dumps(
    [
        {"name": "builtin", "tier": "basic"},
        {"name": "openai:nobody-knows", "tier": "best"},
    ]
)
WITH = {"MADANG_MODEL__CANDIDATES": CANDIDATES}


class TestPolicies:
    def test_go_the_whole_way(self, madang: Madang) -> None:
        planned = madang.run("plan", GOAL, *madang.files, "--policy", "cheap", "--json", **WITH)
        assert planned.code == 0, planned.err
        plan = planned.document["plan"]["plan"]
        assert plan["policy"] == "cheap"
        assert {step["model"] for step in plan["steps"]} == {"builtin"}

        shown = madang.run("plan", "show", planned.document["plan"]["task_id"][:8], **WITH)
        assert "cheap" in shown.out

        simulated = madang.run("spending", "simulate", "--policy", "best", "--json", **WITH)
        assert simulated.code == 0, simulated.err
        assert simulated.document["calls"] == 0
        said = madang.run("spending", "simulate", "--policy", "best", "--days", "7", **WITH)
        assert "nothing to simulate" in said.out
        assert madang.run("spending", "--json").document["spent_usd"] == 0

    def test_refuse_in_one_sentence(self, madang: Madang) -> None:
        cases = [
            (("run", GOAL, "--policy", "dearest"), 2, "dearest"),
            (("run", GOAL, "--policy", "cheap", "--model", "builtin"), 2, "not both"),
            (("run", GOAL, "--policy", "cheap"), 2, "MADANG_MODEL__CANDIDATES"),
            (("spending", "simulate", "--policy", "cheap", "--since", "soon"), 2, "--since"),
        ]
        for words, code, said in cases:
            ended = madang.run(*words)
            assert ended.code == code, (words, ended.err)
            assert said in ended.err
            assert "Traceback" not in ended.err

    def test_are_told_by_the_doctor(self, madang: Madang) -> None:
        ended = madang.run("doctor", "--json", **WITH)
        [check] = [c for c in ended.document["checks"] if c["name"] == "candidates"]
        assert check["state"] == "warn"
        assert "1 of 2" in check["message"]
        assert "openai:nobody-knows" in check["message"]
        assert check["remedy"]
