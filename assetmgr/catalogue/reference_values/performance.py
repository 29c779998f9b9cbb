"""Comparison figures for water utilities and buildings, for dashboards and for rates where no history exists."""

from assetmgr.catalogue.reference_values.table import figures
from assetmgr.catalogue.sources import (
    OWN,
    VA_LEAKS_2022,
    VA_LEAKS_DERIVED,
    VA_LONG_LIFE_POLICY,
    VA_LOSSES_2019,
    VA_OPERATION_2022,
    VA_RENEWAL_NEED,
)

PERFORMANCE_VALUES = {
    **figures(
        "%/year",
        VA_OPERATION_2022,
        (
            ("renewal_rate_water", "Förnyelsetakt vatten, riket", "Renewal rate water, national", 0.38, 0.38, 0.38),
            ("renewal_rate_wastewater", "Förnyelsetakt spill, riket", "Renewal rate sewer, national", 0.47, 0.47, 0.47),
            ("renewal_rate_stormwater", "Förnyelsetakt dag, riket", "Renewal rate storm, national", 0.33, 0.33, 0.33),
        ),
    ),
    **figures(
        "%/year",
        VA_RENEWAL_NEED,
        (
            ("renewal_need_water", "Förnyelsebehov vatten", "Renewal need water", 0.6, 0.65, 0.7),
            ("renewal_need_sewer", "Förnyelsebehov avlopp", "Renewal need sewer", 0.6, 0.6, 0.6),
        ),
    ),
    **figures(
        "years",
        VA_LONG_LIFE_POLICY,
        (("target_life_new_networks", "Mål för nya ledningsnät", "Target life of new networks", 100, 125, 150),),
    ),
    **figures(
        "1/year",
        VA_LEAKS_2022,
        (
            (
                "leaks_national",
                "Rapporterade vattenläckor, riket",
                "Reported water leaks, national",
                6_590,
                6_590,
                6_590,
            ),
        ),
    ),
    **figures(
        "1/km/year",
        VA_LEAKS_DERIVED,
        (("leak_rate", "Vattenläckor per km och år", "Water leaks per km and year", 0.05, 0.06, 0.07),),
    ),
    **figures(
        "1/km/year",
        OWN,
        (("stoppage_rate", "Avloppsstopp per km och år", "Sewer stoppages per km and year", 0.05, 0.1, 0.15),),
    ),
    **figures(
        "%",
        VA_LOSSES_2019,
        (("water_losses", "Utläckage av levererat vatten", "Water losses of delivered", 15, 15, 20),),
    ),
    **figures(
        "%",
        OWN,
        (
            ("fci_good_below", "FCI, gott under", "FCI, good below", 5, 5, 5),
            ("fci_fair_below", "FCI, godtagbart under", "FCI, fair below", 10, 10, 10),
            ("fci_poor_below", "FCI, dåligt under", "FCI, poor below", 30, 30, 30),
        ),
    ),
    **figures(
        "SEK/m2/year",
        OWN,
        (
            (
                "planned_maintenance_level",
                "Planerat underhåll per m² BRA och år",
                "Planned maintenance per m² and year",
                80,
                140,
                200,
            ),
        ),
    ),
}
