"""What a list of the register shows, as it stands in the address: which types, which filter, which order, which page.

/botkyrka/register/vattenledningar?skick=d,e&kollektiv=va&sortera=-langd&sida=2
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from werkzeug.datastructures import MultiDict

from assetmgr.catalogue import ASSET_TYPES
from assetmgr.catalogue.labels import STATUSES
from assetmgr.catalogue.model import AssetType
from assetmgr.i18n import N_
from assetmgr.store.assets import AssetFilter
from assetmgr.web.addresses import slug

PAGE_SIZE = 50
LONGEST_SEARCH = 200
LARGEST_PAGE = 1_000_000
HEALTH_LETTERS = ("A", "B", "C", "D", "E", "U")
UNKNOWN_IN_ADDRESS = "okant"
FUNDS = {"va": "va", "skatt": "tax"}
STATUS_NAMES = {slug(choice.label_sv): code for code, choice in STATUSES.items()}
SORTS = {
    "beteckning": "designation",
    "typ": "type",
    "skick": "health_index",
    "besiktad": "inspected_on",
    "ar": "built_year",
    "material": "material",
    "dimension": "dimension_mm",
    "langd": "length_m",
    "area": "area_m2",
    "status": "status",
    "kollektiv": "fund",
    "ateranskaffningsvarde": "replacement_value_sek",
}
"""Word in the address -> column."""


@dataclass(frozen=True)
class Scope:
    """Which types a list is over: all, a group or one."""

    address_name: str | None
    types: tuple[AssetType, ...]
    group: str | None = None

    @property
    def only_type(self) -> AssetType | None:
        """The type, where the list is over one."""
        return self.types[0] if self.group is None and len(self.types) == 1 else None


@dataclass(frozen=True)
class Group:
    """Types that belong together in the register."""

    name: str
    label: str
    address_name: str


GROUPS = (
    Group("property", N_("Properties and buildings"), "fastighet-och-byggnad"),
    Group("network", N_("Water and wastewater"), "va-nat"),
)
EVERYTHING = Scope(None, tuple(ASSET_TYPES.values()))


def find_scope(address_name: str) -> Scope | None:
    """The group or type with this name in addresses."""
    for group in GROUPS:
        if group.address_name == address_name:
            return Scope(address_name, tuple(t for t in ASSET_TYPES.values() if t.group == group.name), group.name)
    for asset_type in ASSET_TYPES.values():
        if asset_type.slug_sv == address_name:
            return Scope(address_name, (asset_type,))
    return None


@dataclass(frozen=True)
class Wanted:
    """The state of a list."""

    scope: Scope
    search: str = ""
    health_classes: tuple[str, ...] = ()
    fund: str | None = None
    status: str | None = None
    material: str | None = None
    sort: str = "beteckning"
    descending: bool = False
    page: int = 1

    @property
    def is_filtered(self) -> bool:
        """Whether anything but the types is asked for."""
        return bool(self.search or self.health_classes or self.fund or self.status or self.material)

    @property
    def offset(self) -> int:
        """How many rows come before this page."""
        return (self.page - 1) * PAGE_SIZE

    def filter(self) -> AssetFilter:
        """The same set for list, count and sum."""
        types = () if self.scope.address_name is None else tuple(t.name for t in self.scope.types)
        return AssetFilter(
            asset_types=types,
            search=self.search,
            status=self.status,
            fund=self.fund,
            health_classes=self.health_classes,
            equals={"material": self.material} if self.material else {},
        )

    def changed(self, **values: Any) -> "Wanted":
        """Another state of the list, from its first page unless a page is asked for."""
        return replace(self, **{"page": 1, **values})

    def arguments(self) -> dict[str, str]:
        """This state as it stands in the address; what is as usual is left out."""
        funds = {code: word for word, code in FUNDS.items()}
        statuses = {code: word for word, code in STATUS_NAMES.items()}
        sort = f"{'-' if self.descending else ''}{self.sort}"
        found: Mapping[str, str | None] = {
            "q": self.search or None,
            "skick": ",".join(UNKNOWN_IN_ADDRESS if c == "U" else c.lower() for c in self.health_classes) or None,
            "kollektiv": funds[self.fund] if self.fund else None,
            "status": statuses[self.status] if self.status else None,
            "material": self.material,
            "sortera": None if sort == "beteckning" else sort,
            "sida": str(self.page) if self.page > 1 else None,
        }
        return {name: value for name, value in found.items() if value is not None}


def read(scope: Scope, arguments: MultiDict[str, str]) -> Wanted:
    """The state that an address asks for. What is not understood is left out: an old address still opens the list."""
    sort = arguments.get("sortera", "beteckning")
    name = sort.removeprefix("-")
    known_sort = name in SORTS
    return Wanted(
        scope=scope,
        search=" ".join(arguments.get("q", "").split())[:LONGEST_SEARCH],
        health_classes=_health_classes(arguments),
        fund=FUNDS.get(arguments.get("kollektiv", "")),
        status=STATUS_NAMES.get(arguments.get("status", "")),
        material=arguments.get("material") or None,
        sort=name if known_sort else "beteckning",
        descending=known_sort and sort.startswith("-"),
        page=_page(arguments.get("sida", "1")),
    )


def _health_classes(arguments: MultiDict[str, str]) -> tuple[str, ...]:
    words = {word for value in arguments.getlist("skick") for word in value.casefold().split(",")}
    letters = {"U" if word == UNKNOWN_IN_ADDRESS else word.upper() for word in words}
    return tuple(letter for letter in HEALTH_LETTERS if letter in letters)


def _page(text: str) -> int:
    return min(int(text), LARGEST_PAGE) if text.isascii() and text.isdigit() and int(text) > 0 else 1
