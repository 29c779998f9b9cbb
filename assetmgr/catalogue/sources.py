"""Where the figures come from. `verified` means read in the named source; the rest are templates nobody has checked."""

from assetmgr.catalogue.model import Source

OWN = Source("Branschschablon, ej kontrollerad", 2024, verified=False)
"""Expert-style estimate, price level 2024 where it is a price, excluding VAT."""
HOUSE_CHOICE = Source("Eget val i produkten, ej kontrollerat", 2024, verified=False)
"""A convention this product has chosen, such as the health index of a grade."""
DERIVED_FROM_LIFE = Source(
    "Härledd ur teknisk livslängd: 0,7, 1,0 och 1,4 gånger; ej kontrollerad", 2024, verified=False
)

# Undated pages carry the year in which they were read.
SBR_SABO_LIVES = Source(
    "Livslängder enligt SBR och SABO M84:10, via omsen.ax och hhedin.se (läst 2026)", 2026, verified=True
)
CAST_IRON_STACKS = Source("SBUF: Avloppsstammars livslängd (läst 2026)", 2026, verified=True)
VA_OPERATION_2022 = Source("Svenskt Vatten: driftrapport 2022", 2022, verified=True)
VA_LEAKS_2022 = Source("Svenskt Vatten: läckor (2022)", 2022, verified=True)
VA_LEAKS_DERIVED = Source("Härlett ur Svenskt Vatten: läckor (2022), med danskt jämförelsetal", 2022, verified=False)
VA_RENEWAL_NEED = Source("Byggvärlden om Svenskt Vattens studie (läst 2026)", 2026, verified=True)
VA_LOSSES_2019 = Source("SSTT 2019", 2019, verified=True)
VA_LONG_LIFE_POLICY = Source("SVU 2018-10, via vaguiden.se; scantechab.se", 2018, verified=True)
VA_DEPRECIATION = Source("Haraldsson, betongror.se 2019: medel av 34 huvudmän", 2019, verified=True)
PRICE_BASE_AMOUNT = Source("basbelopp.se 2026; revisi.se; redeko.net", 2026, verified=True)
PRICE_BASE_AMOUNT_UNCHECKED = Source("Prisbasbelopp 2021, ej kontrollerat", 2021, verified=False)
HALF_PRICE_BASE_AMOUNT = Source(
    "Karlskoga 2014: ett halvt prisbasbelopp; allmän användning ej kontrollerad", 2015, verified=False
)

P122_GRADES = Source(
    "Svenskt Vatten P122 (2021): grad 1-4 där 4 är värst; hälsoindex är produktens eget val", 2021, verified=False
)
NS3424_GRADES = Source("NS 3424:2012: TG 0-3 och IU; hälsoindex är produktens eget val", 2012, verified=False)

OVK = Source("energiradgivarna-i-skane.nu; jonkoping.se (läst 2026)", 2026, verified=True)
LIFTS = Source("Swedac; tillstand.stockholm; Länsstyrelsen (läst 2026)", 2026, verified=True)
PROPERTY_CHECKS = Source("adbfastighetsservice.se (läst 2026)", 2026, verified=True)
PLAYGROUNDS = Source("cado.se; lekplatsbesiktning.se (läst 2026)", 2026, verified=True)
TANKS = Source("botkyrka.se 2018; gagnef.se 2024; eskilstuna.se 2021", 2024, verified=True)
