"""Slides of figures: a series, its last years, its steps, a breakdown, a table."""

from collections.abc import Sequence
from dataclasses import replace

from app.agents.builtin.charts import breakdown_chart, series_chart
from app.agents.builtin.deck_offers import Offer, Part
from app.agents.builtin.deck_words import DeckWords
from app.agents.builtin.growth_steps import growth_steps
from app.agents.builtin.insight import Insight, InsightKind
from app.agents.builtin.material import Material
from app.agents.builtin.series_insights import series_insights, yearly_growth
from app.agents.builtin.table_report import TableReport
from app.agents.builtin.text_tables import small_table
from app.artifacts.blocks import ChartSlide, ChartSpec, DeckKpi, TableSlide
from app.schemas.locator import shown_locator
from app.schemas.source import SourceTable

_MOST_KPIS = 3
_LONG_SERIES, _RECENT = 14, 10
_CHANGES = frozenset(
    {InsightKind.CHANGE, InsightKind.LATEST, InsightKind.FORECAST, InsightKind.EXTREME}
)


class FigureSlides:
    """Makes the slides that show what the tables say."""

    def __init__(self, material: Material, words: DeckWords) -> None:
        self._material = material
        self._words = words

    def offers(self) -> list[Offer]:
        """Return all slides of figures that the tables can fill."""
        return [*self._figure_slides(), *self._table_slides()]

    def _figure_slides(self) -> list[Offer]:
        found = []
        for place, report in enumerate(self._material.reports[:4]):
            found += [self._series_slide(report, place, i) for i in range(len(report.series[:3]))]
            found += [
                self._breakdown_slide(report, place, i) for i in range(len(report.breakdowns[:3]))
            ]
            found += [self._recent_slide(report, place), self._steps_slide(report, place)]
        return [offer for offer in found if offer is not None]

    def _series_slide(self, report: TableReport, place: int, rank: int) -> Offer | None:
        series = report.series[rank]
        own = [i for i in report.insights if i.columns == series.columns and i.kind in _CHANGES]
        if not own:
            return None
        lead = next((i for i in own if i.kind is InsightKind.LATEST), own[0])
        kpis = [
            self._kpi(report, insight) for insight in own if insight.kind is not InsightKind.EXTREME
        ]
        yearly = yearly_growth(series, report.phrases)
        if yearly is not None:
            ids = self._ids(report.table)
            kpis.insert(2, DeckKpi(value=yearly[0], label=yearly[1], source_ids=ids))
        chart = series_chart(series, " ".join(i.text for i in own[:2]))
        return self._chart_offer(
            report, chart, lead, kpis, Part.FIGURES, 10.0 - 2.5 * place - 4.5 * rank
        )

    def _recent_slide(self, report: TableReport, place: int) -> Offer | None:
        """Show the last ten points of a long series closer."""
        series = report.series[0] if report.series else None
        if series is None or len(series.actual) < _LONG_SERIES:
            return None
        recent = replace(series, points=series.actual[-_RECENT:])
        own = series_insights(recent, report.phrases)
        change = next(i for i in own if i.kind is InsightKind.CHANGE)
        kpis = [self._kpi(report, change)]
        yearly = yearly_growth(recent, report.phrases)
        if yearly is not None:
            kpis.append(
                DeckKpi(value=yearly[0], label=yearly[1], source_ids=self._ids(report.table))
            )
        chart = series_chart(recent, change.text)
        return self._chart_offer(report, chart, change, kpis, Part.FIGURES, 3.6 - place)

    def _steps_slide(self, report: TableReport, place: int) -> Offer | None:
        """Show the change from each period to the next, and say the largest step."""
        series = report.series[0] if report.series else None
        steps = growth_steps(series, report.phrases) if series is not None else None
        if steps is None:
            return None
        chart, rise, fall = steps
        kpis = [self._kpi(report, insight) for insight in (rise, fall) if insight is not None]
        lead = rise or fall
        if lead is None:
            return None
        return self._chart_offer(report, chart, lead, kpis, Part.FIGURES, 3.4 - place)

    def _breakdown_slide(self, report: TableReport, place: int, rank: int) -> Offer | None:
        breakdown = report.breakdowns[rank]
        own = [i for i in report.insights if i.columns == breakdown.columns]
        if not own:
            return None
        extra = [i for i in report.insights if i.kind in {InsightKind.FASTEST, InsightKind.SLOWEST}]
        kpis = [self._kpi(report, i) for i in (*own[:2], *(extra if rank == 0 else []))]
        chart = breakdown_chart(breakdown, " ".join(i.text for i in own[:2]))
        worth = 8.0 - 2.5 * place - 2.2 * rank
        return self._chart_offer(report, chart, own[0], kpis, Part.BREAKDOWN, worth)

    def _chart_offer(
        self,
        report: TableReport,
        chart: ChartSpec,
        lead: Insight,
        kpis: Sequence[DeckKpi],
        part: Part,
        worth: float,
    ) -> Offer:
        ids = self._ids(report.table)
        slide = ChartSlide(
            eyebrow=report.title,
            title=lead.headline,
            chart=chart,
            kpis=_distinct_kpis(kpis)[:_MOST_KPIS],
            source_ids=ids,
            notes=self._computed(report, lead),
        )
        return Offer(slide=slide, part=part, worth=worth, message=lead.headline, source_ids=ids)

    def _kpi(self, report: TableReport, insight: Insight) -> DeckKpi:
        ids = self._ids(report.table)
        return DeckKpi(value=insight.value, label=insight.label, source_ids=ids)

    def _table_slides(self) -> list[Offer]:
        found = []
        for place, report in enumerate(self._material.reports[:3]):
            table = small_table(report, most_rows=8, most_columns=6)
            if table is None or len(table.rows) < 2:
                continue
            ids = self._ids(report.table)
            slide = TableSlide(
                eyebrow=self._words.figures,
                title=self._words.table_title.format(title=table.caption),
                columns=table.columns,
                rows=table.rows,
                has_total=table.has_total,
                source_ids=ids,
                notes=" ".join(i.text for i in report.insights[:2]),
            )
            message = ""
            found.append(
                Offer(
                    slide=slide, part=Part.TABLE, worth=4.2 - place, message=message, source_ids=ids
                )
            )
        return found

    def _ids(self, table: SourceTable) -> tuple[str, ...]:
        return self._material.citations.table(table)

    def _computed(self, report: TableReport, lead: Insight) -> str:
        table = report.table
        located = shown_locator(table.locator, self._material.language)
        note = self._words.computed_note.format(file=table.file_name, locator=located)
        return f"{lead.text} {note}"


def _distinct_kpis(kpis: Sequence[DeckKpi]) -> tuple[DeckKpi, ...]:
    by_label = {kpi.label: kpi for kpi in reversed(kpis)}
    return tuple(by_label[label] for label in dict.fromkeys(kpi.label for kpi in kpis))
