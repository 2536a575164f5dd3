"""Names of people who do not exist, by the country they would come from."""

import re
import unicodedata
from typing import NamedTuple


class Name(NamedTuple):
    """A name, and the part of an address it makes: ``anna.keller``, or ``anna.keller2`` once names repeat."""

    first: str
    last: str
    mailbox: str


# First names / last names. One last name more than first names: such pairs come around only after all were used.
_NAMES = {
    "DE": """Anna Jonas Katrin Felix Lena Matthias Sabine Tobias Ulrike Stefan Miriam Henrik Petra Lukas Franziska Dirk
        Carla / Keller Brandt Vogel Seidel Lorenz Hartwig Reimann Albers Kranz Wendt Thiele Sommer Baumann Falk Ritter
        Ebert Haas Jansen""",
    "FR": """Claire Julien Amélie Olivier Sophie Thomas Nathalie Antoine Camille Bastien Hélène Mathieu Élodie Laurent
        Margaux Rémi Inès / Mercier Girard Lefort Dubreuil Morvan Castel Renaud Perrin Vasseur Aubert Chevalier Fabre
        Guillot Marchand Roussel Tessier Bonnet Delorme""",
    "GB": """Emma Oliver Grace Henry Alice Edward Hannah Marcus Priya Samuel Rachel Daniel Fiona Patrick Laura Nathan
        Megan Simon Judith Owen Tara / Ashworth Barlow Carter Denham Ellison Farrell Garrett Hollis Ingram Jarvis
        Kendrick Lawson Mercer Norwood Okafor Prescott Quinn Ramsey Sutton Thorne Underhill Whitaker""",
    "NL": """Sanne Bram Femke Joost Lotte Ruben Marieke Thijs Eva / Bakker Dekker Hoekstra Kuiper Postma Scholten
        Terpstra Verbeek Zijlstra Mulder""",
    "ES": """Lucía Javier Marta Álvaro Carmen Diego Elena Pablo Irene / Ferrer Gallego Herrero Iglesias Lozano Molina
        Navarro Pastor Serrano Vidal""",
    "PT": """Beatriz Tiago Joana Rui Mariana Nuno Catarina Vasco Rita / Almeida Barros Cardoso Duarte Esteves Figueira
        Lopes Matos Pinto Teixeira""",
    "IT": """Giulia Marco Chiara Luca Francesca Davide Elisa Paolo Silvia / Bianchi Conti Ferraro Galli Lombardi Moretti
        Pellegrini Riva Santoro Villa""",
    "SE": """Astrid Erik Freja Lars Ingrid Nils Karin Mikkel Sigrid Anders Maja / Berglund Dahl Ekström Falkner Holm
        Kjær Lindahl Nyström Østergaard Sandberg Thorsen Wikström""",
    "IN": """Ananya Rohan Meera Arjun Kavita Vikram Neha / Iyer Kapoor Menon Nair Reddy Sharma Deshpande Bose""",
    "JP": """Haruka Kenji Yuki Takumi Aiko / Fujita Inoue Mori Okada Sakai Ueda""",
}
_LIKE = {
    "AT": "DE",
    "CH": "DE",
    "BE": "FR",
    "US": "GB",
    "IE": "GB",
    "AU": "GB",
    "ZA": "GB",
    "DK": "SE",
    "BR": "PT",
    "MX": "ES",
}
CULTURES = {country: tuple(half.split() for half in names.split("/")) for country, names in _NAMES.items()}
_LETTERS = str.maketrans({"ø": "o", "Ø": "O", "æ": "ae", "ß": "ss"})


def culture(country: str) -> str:
    """The country whose names are used for a country's people."""
    return _LIKE.get(country, country)


def name(country: str, number: int) -> Name:
    """The name of the n-th person of a culture, from 0."""
    firsts, lasts = CULTURES[culture(country)]
    first, last = firsts[number % len(firsts)], lasts[number % len(lasts)]
    around = number // (len(firsts) * len(lasts))
    return Name(first, last, f"{plain(first)}.{plain(last)}{around + 1 if around else ''}")


def plain(text: str) -> str:
    """Text as it stands in an address: ``Østergaard & Søn`` gives ``ostergaard-son``."""
    letters = unicodedata.normalize("NFKD", text.translate(_LETTERS)).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", letters.lower()).strip("-")
