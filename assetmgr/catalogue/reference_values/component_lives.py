"""Technical life of building components in years; the survival curves in `curves.py` are derived from these.

A single year in the source is written as low, mid and high alike: the source states no range.
"""

from assetmgr.catalogue.reference_values.table import figures
from assetmgr.catalogue.sources import CAST_IRON_STACKS, OWN, SBR_SABO_LIVES

COMPONENT_LIVES = {
    **figures(
        "years",
        SBR_SABO_LIVES,
        (
            ("life_roof_bitumen", "Livslängd tak, bitumen", "Life of roof, bitumen", 20, 20, 20),
            ("life_roof_rubber", "Livslängd tak, gummiduk", "Life of roof, rubber", 30, 30, 30),
            ("life_roof_tile", "Livslängd tak, pannor", "Life of roof, tiles", 30, 30, 30),
            ("life_roof_sheet_metal", "Livslängd tak, plåt", "Life of roof, sheet metal", 35, 35, 35),
            ("life_gutters", "Livslängd hängrännor och stuprör", "Life of gutters", 25, 25, 25),
            ("life_cladding_wood", "Livslängd träfasad", "Life of wood cladding", 40, 40, 40),
            ("life_render", "Livslängd puts", "Life of render", 30, 30, 30),
            ("life_window", "Livslängd fönster", "Life of window", 40, 40, 40),
            ("life_door", "Livslängd dörr", "Life of door", 35, 35, 35),
            ("life_balcony_concrete", "Livslängd balkong, betong", "Life of balcony, concrete", 50, 50, 50),
            ("life_balcony_membrane", "Livslängd balkong, tätskikt", "Life of balcony, membrane", 35, 35, 35),
            ("life_drainage", "Livslängd dränering", "Life of drainage", 25, 25, 25),
            ("life_interior_paint", "Livslängd målning, tapet", "Life of paint and wallpaper", 10, 10, 10),
            ("life_floor_parquet", "Livslängd parkett", "Life of parquet", 40, 40, 40),
            ("life_floor_plastic", "Livslängd plastgolv", "Life of plastic floor", 15, 15, 15),
            ("life_stacks", "Livslängd stammar", "Life of stacks", 50, 50, 50),
            ("life_fan_motor", "Livslängd fläktmotor", "Life of fan motor", 15, 15, 15),
            ("life_ventilation_control", "Livslängd styr för ventilation", "Life of ventilation control", 20, 20, 20),
            ("life_circulation_pump", "Livslängd cirkulationspump", "Life of circulation pump", 20, 20, 20),
            ("life_electrical", "Livslängd elcentral och kablar", "Life of electrical centre and cables", 45, 45, 45),
        ),
    ),
    **figures(
        "years",
        CAST_IRON_STACKS,
        (("life_stacks_cast_iron", "Livslängd stammar, gjutjärn", "Life of stacks, cast iron", 40, 45, 50),),
    ),
    **figures(
        "years",
        OWN,
        (
            ("life_component_unknown", "Livslängd byggdel, okänd", "Life of component, unknown", 15, 25, 40),
            ("life_brick_joints", "Tid till omfogning av tegel", "Time to repointing of brick", 40, 45, 50),
            ("life_wet_room", "Livslängd våtrum", "Life of wet room", 25, 27.5, 30),
            ("life_ventilation_unit", "Livslängd ventilationsaggregat", "Life of ventilation unit", 20, 25, 30),
            ("life_heating_substation", "Livslängd värmeundercentral", "Life of heating substation", 20, 22.5, 25),
            ("life_lift", "Livslängd hiss", "Life of lift", 25, 27.5, 30),
            ("life_playground", "Livslängd lekutrustning", "Life of playground equipment", 15, 17.5, 20),
            ("life_ground_surface", "Livslängd markbeläggning", "Life of ground surface", 20, 25, 30),
        ),
    ),
}
