"""What agents hand to each other and to the user."""

from typing import Literal

from app.artifacts.blocks import Deck, Document, Workbook
from app.artifacts.report import GateReport
from app.schemas.base import Frozen
from app.schemas.source import Source


class Finding(Frozen):
    """One claim with its sources. `verified`: each quote stands word for word in its source."""

    topic: str
    text: str
    kind: Literal["fact", "figure", "context", "contradiction"] = "fact"
    source_ids: tuple[str, ...] = ()
    verified: bool = True


class Findings(Frozen):
    """What research found, in order of weight, and what it could not find."""

    summary: str = ""
    findings: tuple[Finding, ...] = ()
    sources: tuple[Source, ...] = ()
    gaps: tuple[str, ...] = ()


class ArtifactRef(Frozen):
    """A stored file: where its bytes are (by hash) and how its gate went."""

    name: str
    media_type: str
    sha256: str
    size_bytes: int
    report: GateReport


class Synthesis(Frozen):
    """The last word of a task: what was made, the main points, what is missing and why.

    `inconsistencies` names the figures that differ between its files.
    """

    summary: str
    highlights: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    inconsistencies: tuple[str, ...] = ()


class AgentResult(Frozen):
    """The result of one step; later steps read the part they need."""

    summary: str
    findings: Findings | None = None
    document: Document | None = None
    workbook: Workbook | None = None
    deck: Deck | None = None
    synthesis: Synthesis | None = None
    artifacts: tuple[ArtifactRef, ...] = ()
    notices: tuple[str, ...] = ()
