"""Research: what is chosen, cited, computed, and left out."""

from app.agents.builtin import BuiltinComposer
from app.agents.results import Findings
from app.schemas.plan import AgentName, PlanStep
from app.sources import SourceLibrary, numbers_in, stands_in
from tests.unit.agents_builtin.material_files import (
    EVERYTHING,
    INJECTED_MD,
    KOREAN_MD,
    MARKET_CSV,
    MEMO_MD,
    ask_for,
    library_of,
)

AGENDA = (
    "AGENDA\n\nMonday 9 May, room 4\n\n- 11:00 Welcome by Ann\n- 11:05 Vote on the budget 2026\n"
)


async def research(goal: str, files: dict[str, str], step: PlanStep | None = None) -> Findings:
    return await BuiltinComposer().research(ask_for(goal, files, step=step))


def texts(findings: Findings, kind: str) -> list[str]:
    return [finding.text for finding in findings.findings if finding.kind == kind]


def step(key: str, instructions: str = "") -> PlanStep:
    return PlanStep(key=key, agent=AgentName.RESEARCH, title="Read", instructions=instructions)


class TestResearch:
    async def test_quotes_the_files_word_for_word(self) -> None:
        found = await research("Report on home batteries", dict(EVERYTHING))
        passages = [passage.text for passage in library_of(EVERYTHING).passages]
        facts = texts(found, "fact")
        assert len(facts) >= 6
        assert [fact for fact in facts if not any(stands_in(fact, p) for p in passages)] == []

    async def test_cites_every_finding_and_every_citation_verifies(self) -> None:
        found = await research("Report on home batteries", dict(EVERYTHING))
        library: SourceLibrary = library_of(EVERYTHING)
        known = {source.id for source in found.sources}
        assert [f.text for f in found.findings if not set(f.source_ids) <= known] == []
        assert all(finding.source_ids for finding in found.findings)
        assert [source.id for source in found.sources if not library.verify(source)] == []

    async def test_computes_figures_from_tables(self) -> None:
        found = await research("Report on home batteries", dict(EVERYTHING))
        figures = texts(found, "figure")
        assert any("$18.5 million in 2022 to $32.5 million in 2024" in text for text in figures)

    async def test_never_takes_an_order_to_a_machine_for_content(self) -> None:
        found = await research("Report on the supplier", {"note.md": INJECTED_MD})
        said = " ".join(finding.text for finding in found.findings)
        assert "14 days" in said
        assert "USD 120" in said
        assert not any(word in said for word in ("991234", "praise", "best in the world"))
        assert any("orders to an AI assistant" in gap for gap in found.gaps)

    async def test_brings_a_contrast_along(self) -> None:
        found = await research("Report on the market", {"memo.md": MEMO_MD})
        pace = next(text for text in texts(found, "fact") if "pace is set" in text)
        assert "However, the North lost ground." in pace

    async def test_groups_by_the_headings_of_the_files(self) -> None:
        found = await research("카페 보고서", {"c.md": KOREAN_MD})
        assert {f.topic for f in found.findings} == {"이용 현황", "불만 사항", "개선 제안"}

    async def test_names_what_the_files_do_not_say(self) -> None:
        goal = "A report on the market covering cost, risks and noise pollution"
        found = await research(goal, {"memo.md": MEMO_MD})
        assert found.gaps == ("The files say nothing about “noise pollution”.",)

    async def test_reads_lines_where_there_are_no_sentences(self) -> None:
        found = await research("What is on the agenda?", {"agenda.md": AGENDA})
        assert "11:05 Vote on the budget 2026" in texts(found, "context")

    async def test_gives_the_same_findings_twice(self) -> None:
        first = await research("Report on home batteries", dict(EVERYTHING))
        assert first == await research("Report on home batteries", dict(EVERYTHING))


class TestDisagreements:
    async def test_name_both_files_and_both_numbers(self) -> None:
        found = await research("Report on home batteries", dict(EVERYTHING))
        both = next(text for text in texts(found, "contradiction") if "3,900 units" in text)
        assert "3,500 units" in both
        assert "memo.md" in both
        assert "field.md" in both

    async def test_that_a_file_declares_come_with_what_follows(self) -> None:
        found = await research("Report on home batteries", dict(EVERYTHING))
        declared = [text for text in texts(found, "contradiction") if "disagree" in text]
        assert declared
        assert "three weeks" in declared[0]

    async def test_are_not_seen_between_different_years(self) -> None:
        files = {
            "a.md": "# A\n\nThe port handled 4.2 million containers in 2023 as planned.\n",
            "b.md": "# B\n\nThe port handled 3.8 million containers in 2024 as planned.\n",
        }
        assert texts(await research("Port report", files), "contradiction") == []

    async def test_are_not_seen_between_different_things(self) -> None:
        files = {
            "a.md": "# A\n\nThe port handled 4.2 million containers in 2024 as planned.\n",
            "b.md": "# B\n\nThe airport served 3.8 million passengers in 2024 as planned.\n",
        }
        assert texts(await research("Traffic report", files), "contradiction") == []

    async def test_are_seen_between_a_table_and_a_sentence(self) -> None:
        files = {
            "t.csv": "Visitors\nYear,Visitors\n2022,1200\n2023,1500\n2024,2100\n",
            "n.md": "# Note\n\nThe museum counted 1,900 visitors in 2024 by its own count.\n",
        }
        found = texts(await research("Museum report", files), "contradiction")
        assert len(found) == 1
        assert "2,100" in found[0]
        assert "1,900" in found[0]


class TestScope:
    async def test_of_a_reader_is_its_files(self) -> None:
        only = step("research-1", "Read only these files: field.md")
        found = await research("Report", dict(EVERYTHING), only)
        assert {source.file_name for source in found.sources} == {"field.md"}
        assert texts(found, "figure") == []

    async def test_of_the_figures_is_the_tables(self) -> None:
        found = await research("Report", dict(EVERYTHING), step("figures"))
        assert {finding.kind for finding in found.findings} == {"figure"}

    async def test_of_the_comparison_is_what_differs(self) -> None:
        found = await research("Report", dict(EVERYTHING), step("compare"))
        assert {finding.kind for finding in found.findings} == {"contradiction"}


class TestNumbers:
    async def test_in_facts_are_those_of_the_files(self) -> None:
        files = {"memo.md": MEMO_MD, "market.csv": MARKET_CSV}
        found = await research("Report on home batteries", files)
        known = {n for p in library_of(files).passages for n in numbers_in(p.text)}
        facts = " ".join(texts(found, "fact"))
        assert numbers_in(facts) <= known
