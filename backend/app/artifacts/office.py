"""A second opinion from LibreOffice, where it is installed: open, recalculate, compare.

Never required. One conversion runs at a time, in a profile of its own, within a time limit.
"""

import io
import math
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import openpyxl

from app.artifacts.checks import gate_check
from app.artifacts.report import GateReport

_TIME_LIMIT_S = 60
_TOLERANCE = 1e-9
_ONE_AT_A_TIME = threading.Lock()
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""
_REWRITTEN = {".xlsx": ".xlsx", ".docx": ".pdf", ".pptx": ".pdf"}


def find_office() -> str | None:
    """Return the path of LibreOffice, or None where it is not installed."""
    return shutil.which("soffice") or shutil.which("libreoffice")


def second_opinion(content: bytes, suffix: str) -> GateReport | None:
    """Let LibreOffice open a file; None where it is not installed.

    Args:
        content: an office file.
        suffix: ".xlsx", ".docx" or ".pptx". A workbook is recalculated and its formulas'
            values are compared with the stored ones.
    """
    office = find_office()
    if office is None:
        return None
    converted = convert(content, suffix, _REWRITTEN[suffix], office=office)
    if converted is None:
        problem = f"LibreOffice did not convert the file within {_TIME_LIMIT_S} s"
        return GateReport(checks=(gate_check("office_opens", [problem]),))
    checks = [gate_check("office_opens", [])]
    if suffix == ".xlsx":
        checks.append(gate_check("office_values", _differences(content, converted)))
    return GateReport(checks=tuple(checks))


def convert(content: bytes, suffix: str, wanted: str, *, office: str) -> bytes | None:
    """Convert a file with LibreOffice; None where it fails or takes too long."""
    with _ONE_AT_A_TIME, tempfile.TemporaryDirectory(prefix="madang-office-") as folder:
        source = Path(folder) / f"file{suffix}"
        target = Path(folder) / "out"
        source.write_bytes(content)
        _make_profile(Path(folder) / "profile")
        command = [
            office,
            f"-env:UserInstallation={(Path(folder) / 'profile').as_uri()}",
            "--headless",
            "--convert-to",
            wanted.removeprefix("."),
            "--outdir",
            str(target),
            str(source),
        ]
        try:
            subprocess.run(  # noqa: S603 - a fixed command over files of our own
                command, check=True, capture_output=True, timeout=_TIME_LIMIT_S
            )
        except (subprocess.SubprocessError, OSError):
            return None
        made = target / f"file{wanted}"
        return made.read_bytes() if made.exists() else None


def _make_profile(profile: Path) -> None:
    """Set up a profile that recalculates workbooks, which LibreOffice leaves out by default."""
    settings = profile / "user" / "registrymodifications.xcu"
    settings.parent.mkdir(parents=True)
    settings.write_text(_SETTINGS, encoding="utf-8")


def _differences(content: bytes, converted: bytes) -> Iterator[str]:
    formulas = openpyxl.load_workbook(io.BytesIO(content))
    stored = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
    recalculated = openpyxl.load_workbook(io.BytesIO(converted), data_only=True)
    for sheet in formulas:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type != "f":
                    continue
                ours = stored[sheet.title][cell.coordinate].value
                theirs = recalculated[sheet.title][cell.coordinate].value
                if not _are_same(ours, theirs):
                    yield f"{sheet.title}!{cell.coordinate} is {ours!r} here and {theirs!r} there"


def _are_same(ours: object, theirs: object) -> bool:
    if isinstance(ours, (int, float)) and isinstance(theirs, (int, float)):
        return math.isclose(ours, theirs, rel_tol=_TOLERANCE, abs_tol=_TOLERANCE)
    return (ours or "") == (theirs or "")
