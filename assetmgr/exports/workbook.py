"""A report as an Excel workbook: numbers and dates are real ones, and text stays text whatever it begins with."""

import math
import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_range

from assetmgr.exports.report import BarChart, CellKind, Column, Fact, Report, Sheet, Table

A3_PAPER = 8
LONGEST_TEXT = 32_000
"""Characters; a cell of the format holds 32 767."""
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_FORMATS: dict[CellKind, dict[str, Any]] = {
    "text": {"align": "left", "indent": 1},
    "whole": {"num_format": "#,##0"},
    "year": {"num_format": "0"},
    # Whole ones are written with the format of whole numbers: "0.##" would leave a comma with nothing after it.
    "decimal": {"num_format": "General"},
    "percent": {"num_format": "0.0%"},
    "date": {"num_format": "yyyy-mm-dd", "align": "left", "indent": 1},
    "yes_no": {"align": "left", "indent": 1},
}
_INK, _BRAND, _PALE, _LINE = "#17232A", "#0B4F5E", "#E8F0F2", "#B9C6CB"


def write(path: Path, report: Report) -> None:
    """Write the report. Rows go to disk as they are written, so that a hundred thousand need not stand in memory."""
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "in_memory": False,
    }
    with xlsxwriter.Workbook(str(path), options) as workbook:
        moment = report.made_at.astimezone(UTC).replace(tzinfo=None)
        workbook.set_properties({"title": report.title, **report.properties, "created": moment})
        styles = _Styles(workbook)
        for sheet in report.sheets:
            _SheetWriter(workbook, styles, report, sheet).write()


class _Styles:
    """The formats of a workbook, each made once."""

    def __init__(self, workbook: Any) -> None:
        base = {"font_name": "Calibri", "font_size": 10, "font_color": _INK, "valign": "top"}
        self.title = workbook.add_format({**base, "font_size": 18, "bold": True, "font_color": _BRAND})
        self.heading = workbook.add_format({**base, "font_size": 12, "bold": True, "font_color": _BRAND})
        self.column_left = self._heading(workbook, base, "left")
        self.column_right = self._heading(workbook, base, "right")
        self.label = workbook.add_format({**base, "bold": True})
        self.note = workbook.add_format({**base, "italic": True})
        self.cell = {kind: workbook.add_format({**base, **extra}) for kind, extra in _FORMATS.items()}
        self.long_text = workbook.add_format({**base, "text_wrap": True, "align": "left", "indent": 1})
        self.fact = {
            kind: workbook.add_format({**base, **extra, "align": "left", "indent": 1, "text_wrap": True})
            for kind, extra in _FORMATS.items()
        }
        self.loud_fact = {
            kind: workbook.add_format(
                {**base, **extra, "align": "left", "indent": 1, "text_wrap": True, "bold": True, "bg_color": "#FBE9B7"}
            )
            for kind, extra in _FORMATS.items()
        }
        self.mark = workbook.add_format({**base, "bold": True, "font_color": "#7F0F26"})

    @staticmethod
    def _heading(workbook: Any, base: dict[str, Any], align: str) -> Any:
        return workbook.add_format(
            {
                **base,
                "bold": True,
                "text_wrap": True,
                "valign": "vcenter",
                "align": align,
                "indent": 1 if align == "left" else 0,
                "bg_color": _PALE,
                "bottom": 1,
                "bottom_color": _BRAND,
            }
        )


LONG_TEXT_WIDTH = 40
"""Columns at least this wide hold running text, which is wrapped."""
LINE_HEIGHT, HEADING_HEIGHT = 13.5, 44
"""In points. Heights are said, since a program that opens the file may leave wrapped rows one line high."""
FACT_WIDTHS = (58, 70)
CHART_ROWS, CHART_SIZE = 17, (640, 320)


class _SheetWriter:
    """Writes one sheet from top to bottom, which is the only order a streamed workbook knows."""

    def __init__(self, workbook: Any, styles: _Styles, report: Report, sheet: Sheet) -> None:
        self.workbook, self.styles, self.report, self.sheet = workbook, styles, report, sheet
        self.paper = workbook.add_worksheet(sheet.name)
        self.row = 0
        self.first_data_row: list[int] = []

    def write(self) -> None:
        sheet = self.sheet
        self._set_up_page()
        if len(sheet.tables) == 1 and not sheet.facts and not sheet.title:
            self._list(sheet.tables[0])
            return
        self._set_widths()
        if sheet.title:
            self._line(sheet.title, self.styles.title, height=28)
        if self.report.mark:
            self._line(self.report.mark, self.styles.mark)
        self.row += 1
        chart_row = self.row
        if sheet.charts:
            self.row += CHART_ROWS
        for fact in sheet.facts:
            self._fact(fact)
        for table in sheet.tables:
            self.row += 1
            if table.heading:
                self._line(table.heading, self.styles.heading, height=20)
            self._table(table)
        for place, chart in enumerate(sheet.charts):
            self._chart(chart, chart_row, place * (CHART_SIZE[0] + 20))

    def _set_up_page(self) -> None:
        paper, report = self.paper, self.report
        paper.set_landscape()
        paper.set_paper(A3_PAPER)
        paper.fit_to_pages(1, 0)
        paper.set_margins(left=0.5, right=0.5, top=0.8, bottom=0.7)
        paper.set_header(f"&L&10{_header_text(report.header)}&R&10{_header_text(report.mark)}")
        page, of = report.page_words
        paper.set_footer(f"&L&9{_header_text(self.sheet.name)}&R&9{page} &P {of} &N")
        paper.hide_gridlines(2)

    def _set_widths(self) -> None:
        """Widths for blocks that share columns: the widest of each place."""
        places = max((len(table.columns) for table in self.sheet.tables), default=0)
        widths = [
            max(table.columns[place].width for table in self.sheet.tables if place < len(table.columns))
            for place in range(places)
        ]
        for place, width in enumerate(FACT_WIDTHS if self.sheet.facts else widths):
            self.paper.set_column(place, place, width)

    def _list(self, table: Table) -> None:
        """One long table: header frozen and repeated in print, filters on every column."""
        for place, column in enumerate(table.columns):
            self.paper.set_column(place, place, column.width)
        self.paper.freeze_panes(1, 1)
        self.paper.repeat_rows(0)
        self._table(table)
        last_row = max(len(table.rows), 1)
        self.paper.autofilter(0, 0, last_row, len(table.columns) - 1)
        if table.rows:
            # A price level or a grade is text that looks like a number; Excel would put a green corner on every one.
            self.paper.ignore_errors({"number_stored_as_text": xl_range(1, 0, last_row, len(table.columns) - 1)})
        self.paper.print_area(0, 0, last_row, (table.printed or len(table.columns)) - 1)

    def _line(self, text: str, style: Any, height: float | None = None) -> None:
        if height:
            self.paper.set_row(self.row, height)
        self._text(self.row, 0, text, style)
        self.row += 1

    def _fact(self, fact: Fact) -> None:
        styles = self.styles.loud_fact if fact.stands_out else self.styles.fact
        lines = str(fact.value).count("\n") + 1
        self.paper.set_row(self.row, LINE_HEIGHT * lines + 3)
        self._text(self.row, 0, fact.label, self.styles.label)
        self._cell(self.row, 1, fact.value, fact.kind, styles[fact.kind])
        self.row += 1

    def _table(self, table: Table) -> None:
        self.paper.set_row(self.row, HEADING_HEIGHT)
        for place, column in enumerate(table.columns):
            self._text(self.row, place, column.heading, self._heading_style(column))
        self.row += 1
        self.first_data_row.append(self.row)
        styles = [self._cell_style(column) for column in table.columns]
        kinds = [column.kind for column in table.columns]
        wrapped = [(place, column.width) for place, column in enumerate(table.columns) if _is_wrapped(column)]
        for row in table.rows:
            self._row(row, kinds, styles, wrapped)
        if not table.rows and table.when_empty:
            self._line(table.when_empty, self.styles.note)

    def _row(
        self,
        values: Sequence[Any],
        kinds: Sequence[CellKind],
        styles: Sequence[Any],
        wrapped: Sequence[tuple[int, int]],
    ) -> None:
        lines = max((_line_count(str(values[place] or ""), width) for place, width in wrapped), default=1)
        if lines > 1:
            self.paper.set_row(self.row, LINE_HEIGHT * lines)
        for place, (value, kind, style) in enumerate(zip(values, kinds, styles, strict=True)):
            self._cell(self.row, place, value, kind, style)
        self.row += 1

    def _heading_style(self, column: Column) -> Any:
        is_number = column.kind in ("whole", "decimal", "percent", "year")
        return self.styles.column_right if is_number else self.styles.column_left

    def _cell_style(self, column: Column) -> Any:
        return self.styles.long_text if _is_wrapped(column) else self.styles.cell[column.kind]

    def _cell(self, row: int, place: int, value: Any, kind: CellKind, style: Any) -> None:
        if value is None:
            return
        if kind == "decimal" and float(value).is_integer():
            self.paper.write_number(row, place, value, self.styles.cell["whole"])
        elif kind in ("whole", "year", "decimal", "percent"):
            self.paper.write_number(row, place, value, style)
        elif kind == "date" and isinstance(value, (date, datetime)):
            self.paper.write_datetime(row, place, value, style)
        elif kind == "yes_no":
            self._text(row, place, self.report.yes_no[0] if value else self.report.yes_no[1], style)
        else:
            self._text(row, place, str(value), style)

    def _text(self, row: int, place: int, text: str, style: Any) -> None:
        # write_string, never write: the latter guesses from how the text begins.
        self.paper.write_string(row, place, clean_text(text), style)

    def _chart(self, chart: BarChart, row: int, left: int) -> None:
        """Bars with a black mark per bar for the limit, as native series that follow the cells; `left` in pixels."""
        table = self.sheet.tables[chart.table]
        top = self.first_data_row[chart.table]
        places = {column.field: place for place, column in enumerate(table.columns)}

        def cells(field: str) -> list[Any]:
            return [self.sheet.name, top + chart.first_row, places[field], top + chart.last_row, places[field]]

        def name(field: str) -> list[Any]:
            return [self.sheet.name, top - 1, places[field]]

        bars = self.workbook.add_chart({"type": "column"})
        bars.add_series(
            {
                "name": name(chart.bars),
                "categories": cells(chart.categories),
                "values": cells(chart.bars),
                "fill": {"color": chart.color},
                "border": {"color": _INK},
                "gap": 60,
            }
        )
        limits = self.workbook.add_chart({"type": "line"})
        limits.add_series(
            {
                "name": name(chart.limit),
                "categories": cells(chart.categories),
                "values": cells(chart.limit),
                "line": {"none": True},
                "marker": {"type": "long_dash", "size": 14, "fill": {"color": "black"}, "border": {"color": "black"}},
            }
        )
        bars.combine(limits)
        bars.set_title({"name": chart.title, "name_font": {"size": 12, "color": _INK}, "overlay": False})
        bars.set_y_axis(
            {
                "name": chart.value_axis,
                "num_format": "#,##0",
                "min": 0,
                "major_gridlines": {"visible": True, "line": {"color": _LINE}},
            }
        )
        bars.set_legend({"position": "bottom"})
        bars.set_size({"width": CHART_SIZE[0], "height": CHART_SIZE[1]})
        self.paper.insert_chart(row, 0, bars, {"x_offset": left, "description": chart.title})


def _is_wrapped(column: Column) -> bool:
    return column.kind == "text" and column.width >= LONG_TEXT_WIDTH


def _line_count(text: str, width: int) -> int:
    """Lines that a text takes in a column, a little too many rather than too few; a letter is a little less than one
    unit of width wide.
    """
    return sum(math.ceil(max(len(part), 1) * 0.92 / (width - 1)) for part in text.split("\n"))


def _header_text(text: str) -> str:
    return text.replace("&", "&&")[:120]


def clean_text(text: str) -> str:
    """Text as a cell can hold it: without characters that XML forbids, and not too long."""
    cleaned = _NOT_IN_XML.sub("\ufffd", text)
    return cleaned if len(cleaned) <= LONGEST_TEXT else f"{cleaned[: LONGEST_TEXT - 1]}…"
