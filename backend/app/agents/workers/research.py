"""Research: what the sources say about the goal, each finding with its citation, each checked."""

from app.agents.results import AgentResult, Findings
from app.agents.types import AgentContext, AgentTask
from app.agents.workers.ask import ask_of
from app.sources.library import SourceLibrary


class ResearchAgent:
    """Gathers cited findings for the steps that write."""

    async def run(self, task: AgentTask, context: AgentContext) -> AgentResult:
        """Ask the composer for findings and mark those whose quotes do not stand in the text."""
        files = len(context.sources.extracts)
        await context.report(
            f"파일 {files}개를 읽고 있습니다"
            if context.language == "ko"
            else f"Reading {files} files"
        )
        findings = check_quotes(
            await context.composer.research(ask_of(task, context)), context.sources
        )
        count = len(findings.findings)
        summary = (
            f"출처가 있는 사실 {count}건을 찾았습니다."
            if context.language == "ko"
            else f"Found {count} facts with sources."
        )
        return AgentResult(summary=summary, findings=findings, notices=findings.gaps)


def check_quotes(findings: Findings, library: SourceLibrary) -> Findings:
    """Return the findings, with `verified` set by a word-for-word check of each quote."""
    sound = {source.id for source in findings.sources if library.verify(source)}
    checked = tuple(
        finding.model_copy(
            update={"verified": bool(finding.source_ids) and set(finding.source_ids) <= sound}
        )
        for finding in findings.findings
    )
    return findings.model_copy(update={"findings": checked})
