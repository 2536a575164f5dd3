"""Companies that do not exist, under the top-level domain that never will: ``brightwater-logistics.example``."""

from dataclasses import dataclass
from random import Random

from assay.demo.names import plain

Range = tuple[int, int]
Trades = tuple[tuple[str, str], ...]
"""Pairs of what a company calls itself and its industry."""


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


# A prime number of stems, so that with any number of trades all pairs are used before one comes again.
STEMS = _words(
    """
    Brightwater Halden Kestrelle Nordhaven Silverbirch Tamberly Osterfeld Quillon Marlowe Fennwick Aldergate Corvane
    Dunmarsh Everholt Foxley Greymoor Hartsea Ironvale Junovale Kingsward Larkfield Meridale Northmere Oakmere
    Pinecrest Ravensby Stonebrook Thistledown Umberly Valmont Westerling Yarrow Zephyrine Amberton Belgrove
    Caldmore Drayfield Elmsworth Farrowdale Glenmoor Highmoss Inverley Jadestone Kelbrook Linwick Montclere
    Novabay Orchardton Portelle Rosemarch Solvane Tidewell Vantreux
    """
)


def trades(industry: str, words: str) -> Trades:
    """An industry and the words by which its companies are known, separated by commas."""
    return tuple((word.strip(), industry) for word in words.split(","))


SERVED_TRADES: Trades = (
    *trades("Logistics", "Logistics, Freight, Cargo, Warehousing"),
    *trades("Manufacturing", "Precision, Castings, Tooling, Components"),
    *trades("Software", "Systems, Software, Analytics, Cloudworks"),
    *trades("Professional services", "Advisory, Engineering, Auditors, Architects"),
    *trades("Financial services", "Leasing, Insurance, Payments, Factoring"),
    *trades("Healthcare", "Clinics, Diagnostics, Medical, Home Care"),
)
OTHER_TRADES: Trades = (
    *trades("Retail", "Stores, Home & Garden"),
    *trades("Hospitality", "Hotels"),
    *trades("Agriculture", "Farms"),
)
RECRUITING = trades("Professional services", "Talent, Recruiting, Staffing")
COMPETING = trades("Professional services", "Capacity Consulting")
TEACHING = trades("Education", "University, Business School")

SERVED = _words("FR FR FR FR DE DE DE DE GB GB GB US US NL NL BE CH AT ES ES IT IT IE SE DK PT")
ABROAD = _words("BR IN AU ZA JP MX")


@dataclass(frozen=True, slots=True)
class Firm:
    """What is known of a company; money in euros."""

    name: str
    industry: str
    country: str
    employees: int
    revenue: int
    budget: int

    @property
    def domain(self) -> str:
        return f"{plain(self.name)}.example"


def firm(
    number: int, chance: Random, kinds: Trades, countries: tuple[str, ...], employees: Range, budget: Range
) -> Firm:
    """The n-th company of these trades, from 0; each has a name of its own."""
    stem, (trade, industry) = STEMS[number % len(STEMS)], kinds[number % len(kinds)]
    around = number // (len(STEMS) * len(kinds))
    fewest, most = employees
    people = round(fewest * (most / fewest) ** chance.random())  # most companies are small
    return Firm(
        name=f"{stem} {trade}{f' {around + 1}' if around else ''}",
        industry=industry,
        country=chance.choice(countries),
        employees=people,
        revenue=people * chance.randrange(90, 210) * 1000,
        budget=chance.randrange(budget[0], budget[1] + 1, 500),
    )
