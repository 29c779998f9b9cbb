"""Invented names, made of plants, animals and weather, of nobody and nowhere."""

import numpy as np

DISTRICTS: tuple[tuple[str, str], ...] = (
    ("Näbbmusdal", "NÄB"),
    ("Harklöverbacken", "HAR"),
    ("Lodjursmo", "LOD"),
    ("Svalfröängen", "SVA"),
    ("Bäverhult", "BÄV"),
    ("Tofsvipeslätt", "TOF"),
    ("Gullrisby", "GUL"),
    ("Igelkottslund", "IGE"),
    ("Mårdgläntan", "MÅR"),
    ("Ripbärshöjd", "RIP"),
    ("Ängssyrevret", "ÄNG"),
    ("Orrtallåsen", "ORR"),
    ("Fjällnavartorp", "FJÄ"),
    ("Korpgranskog", "KOR"),
    ("Uttermaden", "UTT"),
    ("Daggkåpesta", "DAG"),
    ("Vesslebro", "VES"),
    ("Blåhakesund", "BLÅ"),
    ("Ekoxevik", "EKO"),
    ("Pilfinksro", "PIL"),
)
"""Districts of the town, each with the letters its designations begin with."""

_FIRST = (
    "Rävspårs", "Björkrots", "Grävlings", "Sidensvans", "Hasselmus", "Kråkris", "Rönnbärs", "Trollslände",
    "Stenmurkle", "Domherre", "Humleblomster", "Myskbocks", "Åkerspärgel", "Vattensork", "Nunneörts",
    "Kärrvials", "Ormvråks", "Vitsippe", "Skogsnycke", "Lavskrike", "Ekorrkotte", "Blodrots", "Kattfots",
    "Smultronris", "Tistelfjärils", "Hökblomster", "Älggräs", "Flodkräft", "Gökärts", "Tornseglar",
    "Snöbollsbuske", "Sävspar", "Silverfjärils", "Tuvull", "Bergfinks", "Lärkfjäder",
)  # fmt: skip
_LAST = ("gatan", "vägen", "stigen", "gränden", "backen", "slingan", "gången", "kroken")

_PLANTS = (
    "Blåklinten", "Vitsippan", "Gullvivan", "Humlan", "Ekorren", "Igelkotten", "Nyckelpigan", "Solrosen",
    "Maskrosen", "Trollsländan", "Smultronet", "Linnean", "Kastanjen", "Tranbäret", "Grodan", "Sädesärlan",
    "Hjortronet", "Lärkan", "Kaprifolen", "Vallmon",
)  # fmt: skip
_SCHOOLS = (
    "Rönnbärsskolan", "Tallbarrsskolan", "Kråkrisskolan", "Orrspelsskolan", "Daggängsskolan",
    "Bäverdammsskolan", "Mårdskogsskolan", "Ljunghedsskolan", "Svalboskolan", "Igelbäcksskolan",
    "Vassruggeskolan", "Aspdungeskolan",
)  # fmt: skip
_CARE = ("Lindblomman", "Åkervindan", "Kornblomman", "Rödhaken", "Syrenbersån", "Silverpoppeln", "Ängsullen")


def street_names(random: np.random.Generator, count: int) -> list[str]:
    """`count` different street names."""
    possible = [first + last for first in _FIRST for last in _LAST]
    order = random.permutation(len(possible))
    return [
        possible[order[place % len(possible)]] + ("" if place < len(possible) else " östra") for place in range(count)
    ]


def preschools() -> list[str]:
    """Names of preschools."""
    return [f"Förskolan {name}" for name in _PLANTS]


def schools() -> list[str]:
    """Names of schools."""
    return list(_SCHOOLS)


def care_homes() -> list[str]:
    """Names of homes for the elderly."""
    return [f"Vårdboendet {name}" for name in _CARE]
