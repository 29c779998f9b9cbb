"""Unit prices for buildings and playgrounds: SEK excluding VAT, price level 2024, with demolition, without scaffold.

Low and high are the template range; mid is halfway between unless a row says otherwise. Unverified.
"""

from assetmgr.catalogue.reference_values.table import figures
from assetmgr.catalogue.sources import OWN

BUILDING_PRICES = {
    **figures(
        "SEK/m2",
        OWN,
        (
            ("roof_flat", "Platt tak, omläggning", "Flat roof, renewal", 900, 1_350, 1_800),
            ("roof_tile", "Tegeltak med underlag", "Tiled roof with underlay", 1_200, 1_800, 2_400),
            ("roof_sheet_metal", "Plåttak, omläggning", "Sheet-metal roof, renewal", 1_400, 2_100, 2_800),
            ("roof_flat_repair", "Platt tak, lagning", "Flat roof, repair", 100, 200, 400),
            ("roof_sheet_metal_paint", "Plåttak, målning", "Sheet-metal roof, painting", 250, 400, 600),
            ("cladding_wood_paint", "Träfasad, målning", "Wood cladding, painting", 200, 325, 450),
            ("cladding_wood", "Träfasad, byte", "Wood cladding, replacement", 1_200, 1_700, 2_200),
            ("render_renewal", "Putsfasad, omputsning", "Render, renewal", 900, 1_550, 2_200),
            ("render_paint", "Putsfasad, tunnputs eller målning", "Render, thin coat or painting", 300, 500, 800),
            ("brick_repointing", "Tegelfasad, omfogning", "Brick facade, repointing", 900, 1_350, 1_800),
            ("interior_paint", "Invändig målning", "Internal painting", 150, 250, 350),
            ("floor_parquet", "Parkettgolv, byte", "Parquet floor, replacement", 900, 1_250, 1_600),
            ("floor_parquet_sanding", "Parkettgolv, slipning", "Parquet floor, sanding", 200, 350, 500),
            ("floor_plastic", "Plastgolv, byte", "Plastic floor, replacement", 400, 650, 900),
            ("ventilation_unit", "Ventilationsaggregat, byte", "Ventilation unit, replacement", 250, 575, 900),
            ("ventilation_adjustment", "Ventilation, injustering", "Ventilation, adjustment", 15, 30, 60),
            ("ventilation_control", "Ventilation, styr", "Ventilation, control", 60, 120, 250),
            ("ventilation_heat_recovery", "Ombyggnad till FTX", "Conversion to heat recovery", 1_500, 2_500, 4_000),
            ("electrical_renewal", "Elcentraler och kablar, byte", "Electrical renewal", 600, 1_050, 1_500),
            ("ground_surface", "Markbeläggning, omläggning", "Ground surface, renewal", 400, 700, 1_200),
        ),
    ),
    **figures(
        "SEK/m",
        OWN,
        (
            ("gutters", "Hängrännor och stuprör, byte", "Gutters and downpipes, replacement", 350, 575, 800),
            ("drainage", "Dränering och fuktskydd", "Drainage and damp proofing", 5_000, 7_500, 10_000),
            ("drainage_flushing", "Dränering, spolning", "Drainage, flushing", 40, 80, 150),
        ),
    ),
    **figures(
        "SEK",
        OWN,
        (
            ("window", "Fönster, byte", "Window, replacement", 8_000, 12_000, 16_000),
            ("window_paint", "Fönster, målning", "Window, painting", 1_500, 2_800, 4_500),
            ("window_sealed_unit", "Fönster, byte av isolerruta", "Window, new sealed unit", 2_500, 4_500, 7_000),
            ("door", "Dörr, byte", "Door, replacement", 12_000, 23_500, 35_000),
            ("door_paint", "Dörr, målning", "Door, painting", 1_500, 3_000, 5_000),
            ("balcony", "Balkong, renovering", "Balcony, renovation", 60_000, 120_000, 180_000),
            ("wet_room", "Våtrum, renovering", "Wet room, renovation", 60_000, 100_000, 140_000),
            (
                "stack_replacement",
                "Stambyte, per lägenhet eller motsvarande",
                "Stack replacement, per apartment or equivalent",
                150_000,
                225_000,
                300_000,
            ),
            (
                "stack_flushing",
                "Stamspolning, per lägenhet eller motsvarande",
                "Stack flushing, per apartment or equivalent",
                700,
                1_200,
                2_000,
            ),
            (
                "circulation_pump",
                "Cirkulationspump för värme, byte",
                "Heating circulation pump, replacement",
                15_000,
                37_500,
                60_000,
            ),
            (
                "heating_substation",
                "Värmeundercentral, byte",
                "Heating substation, replacement",
                150_000,
                300_000,
                600_000,
            ),
            ("fan_motor", "Fläktmotor, byte", "Fan motor, replacement", 15_000, 30_000, 60_000),
            ("lift_replacement", "Hiss, byte", "Lift, replacement", 700_000, 1_150_000, 1_600_000),
            ("lift_modernisation", "Hiss, styrning och maskin", "Lift, control and machine", 250_000, 400_000, 700_000),
            (
                "playground_equipment",
                "Lekutrustning, byte",
                "Playground equipment, replacement",
                100_000,
                350_000,
                600_000,
            ),
            ("playground_repair", "Lekplats, reparation", "Playground, repair", 10_000, 25_000, 60_000),
        ),
    ),
}
