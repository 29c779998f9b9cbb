"""Grading scales: the native grade is kept, the health index 0-100 stands beside it, the direction is declared."""

from assetmgr.catalogue.model import Grade, GradingScale
from assetmgr.catalogue.sources import HOUSE_CHOICE, NS3424_GRADES, P122_GRADES

P122 = GradingScale(
    name="p122",
    label_sv="P122, rörinspektion (4 värst)",
    label_en="P122, pipe inspection (4 worst)",
    best=0,
    worst=4,
    grades=(
        Grade("0", 100, "Ingen observation", "No observation"),
        Grade("1", 85, "Liten avvikelse", "Slight deviation"),
        Grade("2", 65, "Måttlig avvikelse", "Moderate deviation"),
        Grade("3", 35, "Allvarlig avvikelse", "Serious deviation"),
        Grade("4", 10, "Mycket allvarlig avvikelse", "Very serious deviation"),
    ),
    source=P122_GRADES,
)
TG = GradingScale(
    name="tg",
    label_sv="Tillståndsgrad TG 0-3 (3 värst)",
    label_en="Condition grade TG 0-3 (3 worst)",
    best=0,
    worst=3,
    grades=(
        Grade("TG0", 100, "Ingen avvikelse", "No deviation", ("0", "TG 0")),
        Grade("TG1", 75, "Mindre avvikelse", "Minor deviation", ("1", "TG 1")),
        Grade("TG2", 40, "Väsentlig avvikelse", "Substantial deviation", ("2", "TG 2")),
        Grade("TG3", 10, "Stor eller allvarlig avvikelse", "Large or serious deviation", ("3", "TG 3")),
        Grade("TGIU", None, "Ej undersökt", "Not inspected", ("IU", "TG IU", "TG-IU")),
    ),
    source=NS3424_GRADES,
)
ONE_TO_FIVE_BEST_ONE = GradingScale(
    name="1-5-best-1",
    label_sv="1-5, 1 är bäst",
    label_en="1-5, 1 is best",
    best=1,
    worst=5,
    grades=(
        Grade("1", 100, "Mycket bra", "Very good"),
        Grade("2", 80, "Bra", "Good"),
        Grade("3", 60, "Godtagbart", "Acceptable"),
        Grade("4", 35, "Dåligt", "Bad"),
        Grade("5", 10, "Mycket dåligt", "Very bad"),
    ),
    source=HOUSE_CHOICE,
)
ONE_TO_FIVE_BEST_FIVE = GradingScale(
    name="1-5-best-5",
    label_sv="1-5, 5 är bäst",
    label_en="1-5, 5 is best",
    best=5,
    worst=1,
    grades=(
        Grade("1", 10, "Mycket dåligt", "Very bad"),
        Grade("2", 35, "Dåligt", "Bad"),
        Grade("3", 60, "Godtagbart", "Acceptable"),
        Grade("4", 80, "Bra", "Good"),
        Grade("5", 100, "Mycket bra", "Very good"),
    ),
    source=HOUSE_CHOICE,
)
ZERO_TO_TEN_BEST_ZERO = GradingScale(
    name="0-10-best-0",
    label_sv="0-10, 0 är bäst",
    label_en="0-10, 0 is best",
    best=0,
    worst=10,
    grades=(),
    source=HOUSE_CHOICE,
)
ZERO_TO_TEN_BEST_TEN = GradingScale(
    name="0-10-best-10",
    label_sv="0-10, 10 är bäst",
    label_en="0-10, 10 is best",
    best=10,
    worst=0,
    grades=(),
    source=HOUSE_CHOICE,
)

SCALES: dict[str, GradingScale] = {
    scale.name: scale
    for scale in (
        P122,
        TG,
        ONE_TO_FIVE_BEST_ONE,
        ONE_TO_FIVE_BEST_FIVE,
        ZERO_TO_TEN_BEST_ZERO,
        ZERO_TO_TEN_BEST_TEN,
    )
}
