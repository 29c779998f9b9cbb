"""Depreciation periods (accounting life, not technical life), thresholds and price base amounts."""

from assetmgr.catalogue.reference_values.table import figures
from assetmgr.catalogue.sources import (
    HALF_PRICE_BASE_AMOUNT,
    OWN,
    PRICE_BASE_AMOUNT,
    PRICE_BASE_AMOUNT_UNCHECKED,
    VA_DEPRECIATION,
)

ACCOUNTING_VALUES = {
    **figures(
        "years",
        OWN,
        (
            ("depreciation_frame", "Avskrivning stomme, grund", "Depreciation, frame and foundation", 60, 80, 100),
            ("depreciation_roof", "Avskrivning tak", "Depreciation, roof", 30, 40, 50),
            ("depreciation_facade", "Avskrivning fasad", "Depreciation, facade", 40, 50, 60),
            ("depreciation_windows", "Avskrivning fönster", "Depreciation, windows", 30, 40, 40),
            ("depreciation_pipes", "Avskrivning rör och våtrum", "Depreciation, pipes and wet rooms", 30, 40, 50),
            ("depreciation_heating", "Avskrivning värme", "Depreciation, heating", 20, 25, 30),
            ("depreciation_ventilation", "Avskrivning ventilation", "Depreciation, ventilation", 20, 25, 25),
            ("depreciation_electrical", "Avskrivning el", "Depreciation, electrical", 30, 35, 45),
            ("depreciation_control", "Avskrivning styr", "Depreciation, control", 10, 15, 15),
            ("depreciation_lift", "Avskrivning hiss", "Depreciation, lift", 25, 25, 30),
            ("depreciation_interior", "Avskrivning invändiga ytskikt", "Depreciation, interior surfaces", 10, 15, 20),
            ("depreciation_kitchen", "Avskrivning storkök", "Depreciation, large kitchens", 15, 15, 20),
            ("depreciation_ground", "Avskrivning markanläggning", "Depreciation, ground works", 20, 20, 30),
            (
                "depreciation_station_building",
                "Avskrivning pumpstation, byggnad",
                "Depreciation, station building",
                40,
                50,
                50,
            ),
            (
                "depreciation_station_machinery",
                "Avskrivning pumpstation, maskin",
                "Depreciation, station machinery",
                15,
                15,
                25,
            ),
            (
                "depreciation_station_control",
                "Avskrivning pumpstation, el",
                "Depreciation, station control",
                10,
                10,
                15,
            ),
            ("depreciation_lta", "Avskrivning LTA-station", "Depreciation, LTA unit", 15, 15, 20),
            ("depreciation_lining", "Avskrivning infodring", "Depreciation, lining", 40, 50, 50),
            ("depreciation_playground", "Avskrivning lekplats", "Depreciation, playground", 10, 15, 15),
        ),
    ),
    **figures(
        "years",
        VA_DEPRECIATION,
        (("depreciation_va_pipes_mean", "Avskrivning VA-ledningar, medel", "Depreciation, pipes, mean", 33, 54, 100),),
    ),
    **figures(
        "years",
        OWN,
        (("depreciation_va_pipes", "Avskrivning VA-ledningar, förslag", "Depreciation, pipes, suggested", 60, 70, 80),),
    ),
    **figures(
        "price base amounts",
        HALF_PRICE_BASE_AMOUNT,
        (("capital_threshold", "Gräns för investering", "Threshold for capital expenditure", 0.5, 0.5, 0.5),),
    ),
    **figures(
        "SEK",
        PRICE_BASE_AMOUNT,
        (
            ("price_base_amount_2020", "Prisbasbelopp 2020", "Price base amount 2020", 47_300, 47_300, 47_300),
            ("price_base_amount_2022", "Prisbasbelopp 2022", "Price base amount 2022", 48_300, 48_300, 48_300),
            ("price_base_amount_2023", "Prisbasbelopp 2023", "Price base amount 2023", 52_500, 52_500, 52_500),
            ("price_base_amount_2024", "Prisbasbelopp 2024", "Price base amount 2024", 57_300, 57_300, 57_300),
            ("price_base_amount_2025", "Prisbasbelopp 2025", "Price base amount 2025", 58_800, 58_800, 58_800),
            ("price_base_amount_2026", "Prisbasbelopp 2026", "Price base amount 2026", 59_200, 59_200, 59_200),
        ),
    ),
    **figures(
        "SEK",
        PRICE_BASE_AMOUNT_UNCHECKED,
        (("price_base_amount_2021", "Prisbasbelopp 2021", "Price base amount 2021", 47_600, 47_600, 47_600),),
    ),
}
