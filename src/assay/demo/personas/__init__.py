"""Everybody in the month: 250 leads; 78 come to the gate, 10 are accepted, 4 get a deal, 1 is won."""

from assay.demo.persona import Persona
from assay.demo.personas.accepted import ACCEPTED
from assay.demo.personas.misfits import MISFITS
from assay.demo.personas.raw import RAW
from assay.demo.personas.returned import RETURNED
from assay.demo.personas.undecided import UNDECIDED

PERSONAS: tuple[Persona, ...] = (*ACCEPTED, *RETURNED, *UNDECIDED, *RAW, *MISFITS)
