"""Answers to a composer's operations, made of what their prompts hold."""

import re
from collections.abc import Callable
from typing import Any

from tests.factories.scripted_prompt import ScriptedPrompt, ShownTable

Reply = dict[str, Any]
SENTENCE_END = re.compile(r"(?<=[.!?。])\s+")
MAX_FINDINGS = 10


def decompose(prompt: ScriptedPrompt) -> Reply:
    """Plan research where there are files, and the deliverables that the goal names."""
    goal = prompt.line("Goal")
    has_tables = "  table:" in prompt.data
    wanted = [a for a, words in DELIVERABLES.items() if re.search(words, goal, re.IGNORECASE)]
    wanted = [a for a in wanted if a != "sheets" or has_tables] or ["docs"]
    steps: list[Reply] = []
    if prompt.line("Files given") not in {"", "0"}:
        steps.append(_step("research", prompt.say("Read the files", "파일을 읽습니다"), []))
    research = [1] if steps else []
    for agent in wanted:
        title = prompt.say(f"Make the {agent}", f"{agent} 결과물을 만듭니다")
        steps.append(_step(agent, title, [] if agent == "sheets" else research))
    return {
        "is_clear": True,
        "unclear_reason": "",
        "title": goal[:80],
        "steps": steps,
        "assumptions": [],
    }


DELIVERABLES = {
    "sheets": r"workbook|spreadsheet|xlsx|excel|시트|엑셀",
    "docs": r"report|document|docx|brief|memo|보고서|문서",
    "slides": r"deck|slides|pptx|presentation|발표|슬라이드",
}


def _step(agent: str, title: str, depends_on: list[int]) -> Reply:
    return {
        "agent": agent,
        "title": title,
        "instructions": title,
        "depends_on": depends_on,
        "complexity": "medium",
        "file_name": None if agent == "research" else f"scripted-{agent}",
        "slide_count": 6 if agent == "slides" else None,
    }


def queries(prompt: ScriptedPrompt) -> Reply:
    """Search for the goal's words, in threes."""
    words = prompt.line("Goal").split()
    found = [" ".join(words[i : i + 3]) for i in range(0, min(len(words), 12), 3)]
    return {"queries": found or ["summary"]}


def research(prompt: ScriptedPrompt) -> Reply:
    """Repeat the first sentence of each passage, quoted word for word."""
    findings = []
    for reference, text in list(prompt.passages.items())[:MAX_FINDINGS]:
        quote = SENTENCE_END.split(text.splitlines()[0] if text else "")[0][:400]
        if not quote.strip():
            continue
        findings.append(
            {
                "topic": " ".join(quote.split()[:3]),
                "text": quote,
                "kind": "figure" if re.search(r"\d", quote) else "fact",
                "evidence": [{"passage": reference, "quote": quote}],
            }
        )
    summary = " ".join(str(finding["text"]) for finding in findings[:2])
    return {"summary": summary, "findings": findings, "gaps": []}


def document(prompt: ScriptedPrompt) -> Reply:
    """Tell each fact with its reference, then show each table and chart."""
    cited = [f"{_before_stop(text)} [{ref}]." for ref, (_, text) in prompt.facts.items()]
    blocks: list[Reply] = [
        {"kind": "paragraph", "text": " ".join(cited[i : i + 3])}
        for i in range(0, min(len(cited), 15), 3)
    ] or [
        {"kind": "paragraph", "text": prompt.say("Nothing is known yet.", "알려진 것이 없습니다.")}
    ]
    sections = [{"heading": prompt.say("What the files say", "파일의 내용"), "blocks": blocks}]
    sections += [{"heading": t.title, "blocks": _table_blocks(t)} for t in prompt.tables[:3]]
    title = prompt.line("Step")
    return {
        "title": title,
        "subtitle": "",
        "key_message": cited[0] if cited else title,
        "sections": sections,
    }


def _table_blocks(table: ShownTable) -> list[Reply]:
    blocks: list[Reply] = [
        {"kind": "table", "table": table.reference, "columns": [], "caption": table.title}
    ]
    if table.numbers:
        blocks.append(
            {"kind": "chart", "title": table.title, "caption": table.title, **_axes(table)}
        )
    return blocks


def _axes(table: ShownTable) -> Reply:
    return {
        "table": table.reference,
        "chart": "column",
        "category_column": table.label,
        "value_columns": table.numbers[:1],
    }


def workbook(prompt: ScriptedPrompt) -> Reply:
    """Give each table a sheet with a total, a summary, a share, a figure and a chart."""
    return {"title": prompt.line("Step"), "sheets": [_sheet(t) for t in prompt.tables[:6]]}


def _sheet(table: ShownTable) -> Reply:
    first = table.numbers[:1]
    chart = {
        "summary": None,
        "chart": "column",
        "title": table.title,
        "category_column": table.label,
    }
    return {
        "table": table.reference,
        "name": table.title[:31] or table.reference,
        "title": table.title,
        "note": "",
        "columns": [],
        "kpis": [{"label": "", "column": name, "function": "sum"} for name in first],
        "summaries": [
            {"group_column": table.label, "value_column": name, "function": "sum"} for name in first
        ],
        "calculated": [
            {"kind": "share", "column": name, "second_column": None, "name": ""} for name in first
        ],
        "totals": [{"column": name, "function": "sum"} for name in table.numbers[:4]],
        "charts": [{**chart, "value_columns": first}] if first else [],
    }


def deck(prompt: ScriptedPrompt) -> Reply:
    """Show a chart for each table, then facts as bullets, until the number asked for is there."""
    wanted = int(prompt.line("Slides to give") or 4)
    facts = list(prompt.facts.items())
    slides: list[Reply] = [_chart_slide(t, facts) for t in prompt.tables[:2] if t.numbers]
    place = 0
    while len(slides) < wanted:
        three = [facts[(place + i) % len(facts)] for i in range(min(3, len(facts)))]
        slides.append(_bullet_slide(three, prompt))
        place += 3
    return {"title": prompt.line("Step"), "subtitle": "", "slides": slides[:wanted]}


def _chart_slide(table: ShownTable, facts: list[tuple[str, tuple[str, str]]]) -> Reply:
    return {
        "kind": "chart",
        "eyebrow": "",
        "title": table.title,
        "chart_title": table.title,
        "kpis": [],
        "notes": facts[0][1][1][:300] if facts else "",
        **_axes(table),
    }


def _bullet_slide(facts: list[tuple[str, tuple[str, str]]], prompt: ScriptedPrompt) -> Reply:
    items = [f"{_before_stop(text)[:140]} [{ref}]." for ref, (_, text) in facts]
    return {
        "kind": "bullets",
        "eyebrow": "",
        "title": prompt.say("What the files say", "파일의 내용"),
        "items": items or [prompt.say("Nothing is known yet.", "알려진 것이 없습니다.")],
        "notes": "",
    }


def review(_prompt: ScriptedPrompt) -> Reply:
    """Find no fault."""
    return {"faults": []}


def synthesis(prompt: ScriptedPrompt) -> Reply:
    """Name the files that were made and repeat the first facts."""
    made = [line for line in prompt.data.splitlines() if line.startswith("File made: ")]
    highlights = [f"{_before_stop(text)} [{ref}]." for ref, (_, text) in prompt.facts.items()]
    done = prompt.say("The work is done.", "작업을 마쳤습니다.")
    return {"summary": " ".join([done, *made]), "highlights": highlights[:4]}


def _before_stop(text: str) -> str:
    return text.strip().rstrip(".。!? ")


WRITERS: dict[str, Callable[[ScriptedPrompt], Reply]] = {
    writer.__name__: writer
    for writer in (decompose, queries, research, document, workbook, deck, review, synthesis)
}
