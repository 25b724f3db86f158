"""A plan from the command line: made, edited, refused, approved, run."""

from typing import Any

import pytest

from app.schemas.plan_edit import PlanRead, PlanSummary
from tests.e2e.cli.command import GOAL, Madang


@pytest.fixture(scope="module")
def planned(experienced: Madang) -> dict[str, Any]:
    """Return the plan of a task that waits for approval."""
    ended = experienced.run("plan", GOAL, *experienced.files, "--need-file", ".docx", "--json")
    assert ended.code == 0, ended.err
    plan: dict[str, Any] = ended.document["plan"]
    return plan


class TestPlan:
    def test_is_made_without_running(self, experienced: Madang, planned: dict[str, Any]) -> None:
        read = PlanRead.model_validate(planned)
        assert (read.revision, read.status, read.task_status) == (1, "proposed", "planned")
        said = experienced.run("plan", "show", read.task_id[:8], "--revision", "1")
        assert read.content_hash[:12] in said.out
        assert "research" in said.out

    def test_is_edited_step_by_step(self, experienced: Madang, planned: dict[str, Any]) -> None:
        task_id = planned["task_id"]
        words = ("--set", "docs.title=Two pages", "--remove", "slides", "--json")
        edited = PlanRead.model_validate(
            experienced.run("plan", "edit", task_id, *words).document["plan"]
        )
        assert "Two pages" in [step.title for step in edited.plan.steps]
        assert "slides" not in [step.key for step in edited.plan.steps]
        items = experienced.run("plan", "revisions", task_id, "--json").document["items"]
        assert PlanSummary.model_validate(items[0]).content_hash == edited.content_hash
        stale = experienced.run(
            "plan", "approve", task_id, "--hash", planned["content_hash"], "--json"
        )
        assert (stale.code, stale.document["code"]) == (5, "plan_changed")
        assert stale.document["facts"]["content_hash"] == edited.content_hash

    @pytest.mark.parametrize(
        ("words", "code", "said"),
        [
            ((), 2, "Say what to change"),
            (("--remove", "ghost"), 2, "no step 'ghost'"),
            (("--remove", "docs"), 2, "No step makes .docx"),
            (("--add", "x:chef:Cook"), 2, "no agent 'chef'"),
            (("--set", "docs.model=nobody:nothing"), 2, "its model cannot be used"),
            (("--set", "docs.title=x", "--hash", "0" * 12), 5, "not the one you were shown"),
            (("--set", "docs.title=x", "--hash", "0"), 2, "--hash takes"),
            (("--edits", "nowhere.json"), 4, "nowhere.json"),
        ],
    )
    def test_is_not_edited_by_what_cannot_be_done(
        self,
        experienced: Madang,
        planned: dict[str, Any],
        words: tuple[str, ...],
        code: int,
        said: str,
    ) -> None:
        ended = experienced.run("plan", "edit", planned["task_id"], *words)
        assert (ended.code, said in ended.err) == (code, True), ended.err
        assert len(ended.err.splitlines()) == 1

    def test_is_rejected_for_good(self, experienced: Madang) -> None:
        made = experienced.run("plan", GOAL, *experienced.files, "--json").document["plan"]
        rejected = experienced.run("plan", "reject", made["task_id"], "--json").document["plan"]
        assert (rejected["status"], rejected["task_status"]) == ("rejected", "cancelled")
        assert experienced.run("plan", "approve", made["task_id"]).code == 5

    def test_is_approved_and_then_runs_where_it_is_followed(self, madang: Madang) -> None:
        made = madang.run("plan", GOAL, *madang.files, "--json").document["plan"]
        approved = madang.run("plan", "approve", made["task_id"][:8], "--json").document["plan"]
        assert (approved["status"], approved["decision"]) == ("approved", "user")
        ended = madang.run("run", "--resume", made["task_id"], "--json")
        assert ended.document["task"]["status"] == "done"
        assert ended.document["task"]["content_hash"] == made["content_hash"]

    def test_below_the_users_limit_runs_without_asking(self, madang: Madang) -> None:
        assert madang.run("plan", "auto-approve", "--json").document == {
            "auto_approve_below_usd": 0
        }
        assert madang.run("plan", "auto-approve", "0.05").code == 0
        ended = madang.run("run", GOAL, *madang.files, "--json")
        assert ended.document["task"]["status"] == "done"
        task_id = ended.document["task"]["id"]
        plan = madang.run("plan", "show", task_id, "--json").document["plan"]
        assert plan["decision"] == "auto"
        assert madang.run("plan", "auto-approve", "nan").code == 2

    def test_that_cannot_keep_its_limits_is_refused(self, experienced: Madang) -> None:
        words = ("--max-steps", "1", "--allow-agent", "slides")
        ended = experienced.run("plan", GOAL, *experienced.files, *words, "--json")
        assert (ended.code, ended.document["code"]) == (2, "constraints_violated")
        codes = {violation["code"] for violation in ended.document["facts"]["violations"]}
        assert codes == {"too_many_steps", "agent_not_allowed"}


class TestReplan:
    def test_of_a_done_task_changes_its_goal_and_keeps_what_is_done(self, madang: Madang) -> None:
        done = madang.run("run", GOAL, *madang.files, "--yes", "--deadline-s", "600", "--json")
        task = done.document["task"]
        assert (task["status"], task["deadline_s"]) == ("done", 600)
        refused = madang.run("plan", "replan", task["id"])
        assert (refused.code, "another goal" in refused.err) == (5, True), refused.err
        assert madang.run("plan", "replan", task["id"], "--deadline-s", "0").code == 2
        words = ("--goal", f"{GOAL} Make a deck of 9 slides.", "--json")
        made = madang.run("plan", "replan", task["id"], *words).document["replan"]
        assert made["needs_approval"]
        assert made["difference"]["kept"]
        ended = madang.run("run", "--resume", task["id"], "--yes", "--json")
        assert ended.document["task"]["status"] == "done"
        assert ended.document["task"]["replans"] == 1
