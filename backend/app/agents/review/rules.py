"""The deterministic part of a review: all checks that need no model, over one version."""

from app.agents.ports import Ask
from app.agents.results import AgentResult
from app.agents.review.cited import citation_faults
from app.agents.review.completeness import completeness_faults
from app.agents.review.consistency import consistency_faults, named_deliverables
from app.agents.review.content import content_of
from app.agents.review.evidence import Evidence
from app.agents.review.facts import fact_faults
from app.agents.review.wording import fault
from app.artifacts.report import GateReport
from app.schemas.review import Fault, FaultCode
from app.schemas.source import Language


class Rules:
    """The checks of one step. Made once, used for each version: the evidence stays the same."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self._evidence = Evidence(ask)
        self._others = named_deliverables(ask.results)

    def faults(self, made: AgentResult, gate: GateReport) -> tuple[Fault, ...]:
        """Return all faults of a version; of a file that fails its gate as well."""
        content = content_of(made)
        if content is None:
            return _gate_faults(gate, self._ask.language)
        ask, evidence = self._ask, self._evidence
        return (
            *fact_faults(made, content, evidence, ask.workbooks),
            *completeness_faults(ask, made, content, evidence),
            *consistency_faults(content, self._others),
            *citation_faults(made, content, evidence),
            *_gate_faults(gate, content.language),
        )


def _gate_faults(gate: GateReport, language: Language) -> tuple[Fault, ...]:
    return tuple(
        fault(FaultCode.CHECK_FAILED, language, written=check.detail, name=check.name)
        for check in gate.failures
    )
