"""Importing a layer."""

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from assetmgr.cli.session import json_option, session, shared_options
from assetmgr.cli.words import _, language
from assetmgr.errors import UsageError

if TYPE_CHECKING:
    from assetmgr.services.imports import ImportResult
    from geodata.issues import Issue
    from geodata.sandbox import Sandbox

_SHOWN_PER_CODE = 5


@click.command("import", help=_("Import a layer: GeoPackage, GeoJSON, Shapefile or CSV."))
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--type", "asset_type", required=True, metavar="TYPE", help=_("The asset type of the rows."))
@click.option("--layer", help=_("The layer, where the file has several."))
@click.option("--source", help=_("Who delivers; the same source again updates what it delivered before."))
@click.option("--key", metavar="FIELD", help=_("The column that names each row."))
@click.option("--map", "mapping", multiple=True, metavar="TARGET=SOURCE", help=_("Our field from their column."))
@click.option(
    "--scale", "scales", multiple=True, metavar="FIELD=NAME", help=_("The grading scale of a condition column.")
)
@click.option("--unknown", multiple=True, metavar="FIELD=VALUE", help=_("A value that means unknown in a column."))
@click.option("--profile", help=_("A saved way of reading; saved under this name the first time."))
@click.option("--crs", metavar="EPSG", help=_("The file's coordinate system, over what it says itself."))
@click.option("--accept-outside", is_flag=True, help=_("Accept rows outside the municipality."))
@click.option(
    "--mode",
    type=click.Choice(["insert", "update", "upsert"]),
    default="upsert",
    show_default=True,
    help=_("Whether known rows are changed and unknown ones added."),
)
@click.option("--strict", is_flag=True, help=_("Refuse a file with columns that belong to no field."))
@click.option("--all-or-nothing", is_flag=True, help=_("Write nothing if any row is wrong."))
@click.option("--dry-run", is_flag=True, help=_("Say what would happen, and write nothing."))
@shared_options
@json_option
def import_(
    file: Path,
    asset_type: str,
    mapping: tuple[str, ...],
    scales: tuple[str, ...],
    unknown: tuple[str, ...],
    **options: Any,
) -> int:
    """Import a file and say what became of every row."""
    from geodata.sandbox import read_layer

    several: dict[str, list[str]] = {}
    for field, value in (_pair(text, "FIELD=VALUE") for text in unknown):
        several.setdefault(field, []).append(value)
    chosen = {
        "mapping": _pairs(mapping, "TARGET=SOURCE"),
        "scales": _pairs(scales, "FIELD=NAME"),
        "unknown": {field: tuple(values) for field, values in several.items()},
        **options,
    }
    run = session()
    sandbox: Sandbox = "required" if run.settings.sandbox == "required" else "auto"
    with ThreadPoolExecutor(1) as pool:
        # The child process reads the file while this one loads what it will do with the rows.
        reading = pool.submit(read_layer, file, layer=options["layer"], sandbox=sandbox)
        from assetmgr.services.imports import ImportOptions, run_import

        asked = ImportOptions(file=file, asset_type=asset_type, **chosen)
        result = run_import(run.engine, run.actor, asked, sandbox=sandbox, read=reading.result)
    run.answer(_as_data(result), lambda: _as_text(result))
    if not result.accepted:
        for text in _reasons(result, file):
            click.echo(text, err=True)
        return 1
    return 0


def _pair(text: str, form: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise UsageError("pair_malformed", text=text, form=form)
    return name, value


def _pairs(texts: Iterable[str], form: str) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for name, value in (_pair(text, form) for text in texts):
        if pairs.setdefault(name, value) != value:
            raise UsageError("pair_repeated", name=name, values=[pairs[name], value])
    return pairs


def _as_data(result: "ImportResult") -> dict[str, Any]:
    from assetmgr.messages import issue_message

    return {
        **result.counts(),
        "import_id": result.import_id,
        "issues": [
            {**asdict(issue), "details": dict(issue.details), "message": issue_message(issue, language())}
            for issue in result.issues
        ],
    }


def _as_text(result: "ImportResult") -> str:
    lines = [
        _(
            "Read %(read)d rows: %(new)d new, %(changed)d changed, %(unchanged)d unchanged, %(refused)d refused. "
            "Gone since the last delivery: %(gone)d.",
            **result.counts(),
        ),
        *_grouped(result),
    ]
    return "\n".join(lines)


def _grouped(result: "ImportResult") -> Iterable[str]:
    """Findings grouped by what they are about, with their count and first rows."""
    from assetmgr.messages import issue_message

    unmapped = [issue.field for issue in result.issues if issue.code == "unmapped_column"]
    groups: dict[tuple[str, str, str | None, Any], list[Any]] = {}
    for issue in result.issues:
        if issue.code == "unmapped_column":
            continue
        value = str(issue.value) if issue.code == "code_unknown" else None
        groups.setdefault((issue.severity, issue.code, issue.field, value), []).append(issue)
    for (severity, _code, _field, _value), issues in sorted(groups.items(), key=lambda item: item[0][0]):
        kind = _("Error") if severity == "error" else _("Notice")
        count = f" ({len(issues)})" if len(issues) > 1 else ""
        yield f"{', '.join((kind + count, *_where(issues)))}: {issue_message(issues[0], language())}"
    if unmapped:
        names = ", ".join(str(name) for name in unmapped)
        yield _(
            "Kept as source data, since they belong to no field: %(columns)s. Map one with --map FIELD=COLUMN.",
            columns=names,
        )


def _where(issues: Sequence["Issue"]) -> Iterable[str]:
    """The column and the first rows that findings of one kind are about."""
    if issues[0].field:
        yield _("column %(name)s", name=issues[0].field)
    rows = [str(issue.row) for issue in issues if issue.row is not None]
    if rows:
        yield _("row %(rows)s", rows=", ".join(rows[:_SHOWN_PER_CODE]))


def _reasons(result: "ImportResult", file: Path) -> Iterable[str]:
    """The first errors, each with where it is."""
    from assetmgr.messages import issue_message

    errors = [issue for issue in result.issues if issue.severity == "error"]
    for issue in errors[:_SHOWN_PER_CODE]:
        text = issue_message(issue, language())
        yield text if issue.row is None else f"{', '.join((file.name, *_where([issue])))}: {text}"
