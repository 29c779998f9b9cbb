"""Making, reading and exporting maintenance plans."""

from pathlib import Path

import click

from assetmgr.cli.assets import table
from assetmgr.cli.session import json_option, session, shared_options
from assetmgr.cli.words import _, language
from assetmgr.errors import UsageError


@click.group("plan", help=_("Maintenance plans."))
@shared_options
def plan() -> None:
    """Plans."""


@plan.command("generate", help=_("Make a plan of the register as it is now."))
@click.option("--name", required=True, help=_("The plan's name; it must be free."))
@click.option("--from", "first_year", type=int, required=True, metavar="YEAR", help=_("The first year."))
@click.option("--years", type=int, required=True, metavar="N", help=_("How many years, 1 to 50."))
@click.option(
    "--budget",
    "budgets",
    multiple=True,
    metavar="FUND[:YEAR]=SEK",
    help=_("Kronor excluding VAT, per year or for one year. Funds: va, tax."),
)
@click.option("--seed", type=int, default=0, show_default=True, help=_("The same seed gives the same plan."))
@shared_options
@json_option
def generate(name: str, first_year: int, years: int, budgets: tuple[str, ...], seed: int) -> None:
    """Make a draft plan."""
    amounts = read_budgets(budgets, first_year, years)
    from assetmgr.services import plans
    from assetmgr.store.writing import reading, writing

    run = session()
    with writing(run.engine, run.actor, run.occasion()) as work:
        saved = plans.generate(work, name, first_year, years, amounts, seed)
    with reading(run.engine) as connection:
        made = next(entry for entry in plans.listing(connection, run.actor) if entry["uid"] == saved.uid)
    run.answer(
        made,
        lambda: _(
            "Made the plan %(name)s: %(measures)d measures for %(cost)s kr, %(unfunded)d needs without money.",
            name=made["name"],
            measures=made["measures"],
            cost=f"{made['cost_sek']:,}".replace(",", "\u00a0"),
            unfunded=made["unfunded"],
        ),
    )


def read_budgets(texts: tuple[str, ...], first_year: int, years: int) -> dict[str, dict[int, int]]:
    """Budgets per fund and year from FUND=SEK (every year) and FUND:YEAR=SEK (that year, whatever order they stand
    in).
    """
    from assetmgr.catalogue.model import FUNDS

    every: dict[str, int] = {}
    single: dict[str, dict[int, int]] = {}
    for text in texts:
        name, equals, amount = text.partition("=")
        fund, colon, year = name.partition(":")
        digits = "".join(amount.split()).replace("_", "")
        if not equals or fund not in FUNDS or not digits.isdecimal() or (colon and not year.isdecimal()):
            raise UsageError("budget_malformed", text=text)
        if colon and not first_year <= int(year) < first_year + years:
            raise UsageError("budget_year_outside", text=text, first=first_year, last=first_year + years - 1)
        if colon:
            single.setdefault(fund, {})[int(year)] = int(digits)
        else:
            every[fund] = int(digits)
    return {
        fund: {
            year: single.get(fund, {}).get(year, every.get(fund, 0)) for year in range(first_year, first_year + years)
        }
        for fund in {**every, **single}
    }


@plan.command("list", help=_("All plans."))
@shared_options
@json_option
def list_() -> None:
    """All plans, the latest first."""
    from assetmgr.services import plans
    from assetmgr.store.writing import reading

    run = session()
    with reading(run.engine) as connection:
        found = plans.listing(connection, run.actor)
    columns = ("name", "status", "first_year", "years", "cost_sek", "unfunded_cost_sek", "uid")
    run.answer(found, lambda: table([[entry[name] for name in columns] for entry in found], columns))


@plan.command("show", help=_("One plan: budgets, measures and what has no money."))
@click.argument("identity", metavar="PLAN")
@shared_options
@json_option
def show(identity: str) -> None:
    """One plan with every row and its reason."""
    from assetmgr.services import plans
    from assetmgr.store.writing import reading

    run = session()
    with reading(run.engine) as connection:
        found = plans.show(connection, run.actor, identity, language())
    columns = ("year", "fund", "designation", "treatment_label", "cost_sek", "reason")
    run.answer(found, lambda: table([[row[name] for name in columns] for row in found["measures"]], columns))


@plan.command("export", help=_("Write a plan to a file."))
@click.argument("identity", metavar="PLAN")
@click.option("--format", "format_", type=click.Choice(["xlsx", "csv", "gpkg", "geojson"]), required=True)
@click.option("--year", type=int, help=_("Only this year."))
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), required=True, metavar="FILE")
@shared_options
@json_option
def export(identity: str, format_: str, year: int | None, output: Path) -> None:
    """Export a plan."""
    from assetmgr.services import plan_exports
    from assetmgr.store.writing import reading

    run = session()
    with reading(run.engine) as connection:
        plan_exports.export(connection, run.actor, identity, format_, year, output, language())
    run.answer({"file": str(output)}, _("Wrote %(file)s.", file=output))
