"""Who carries which leg of a sale across borders (Incoterms 2020), and what a loss may claim. Pure.

A seller who delivers goods that are not as agreed bears the buyer's costs of that: the way back
always (民法典 art 583; CISG art 74), and the outward legs that the buyer had carried by the term.
A leg that the seller carried cost the buyer nothing beyond the price, so it is no loss.
"""

from __future__ import annotations

from compensation.states import Incoterm, Leg

_TO_CARRIER = frozenset({Leg.EXPORT_INLAND, Leg.EXPORT_CLEARANCE})
_ON_BOARD = _TO_CARRIER | {Leg.LOADING}
_CARRIED = _ON_BOARD | {Leg.MAIN_CARRIAGE}
_ARRIVED = _CARRIED | {Leg.INSURANCE, Leg.IMPORT_INLAND}
SELLERS: dict[str, frozenset[Leg]] = {
    Incoterm.EXW: frozenset(),
    Incoterm.FCA: _TO_CARRIER,
    Incoterm.FAS: _TO_CARRIER,
    Incoterm.FOB: _ON_BOARD,
    Incoterm.CFR: _CARRIED,
    Incoterm.CPT: _CARRIED,
    Incoterm.CIF: _CARRIED | {Leg.INSURANCE},
    Incoterm.CIP: _CARRIED | {Leg.INSURANCE},
    Incoterm.DAP: _ARRIVED,
    Incoterm.DPU: _ARRIVED | {Leg.UNLOADING},
    Incoterm.DDP: _ARRIVED | {Leg.IMPORT_CLEARANCE},
}


def buyer_carries(term: str, leg: str) -> bool:
    """Say whether the buyer carries a leg by the term; nobody agreed on the way back."""
    return leg != Leg.RETURN_TRIP and Leg(leg) not in SELLERS[Incoterm(term)]


def may_be_claimed(term: str, leg: str) -> bool:
    """Say whether the cost of a leg can be the buyer's loss."""
    return leg == Leg.RETURN_TRIP or buyer_carries(term, leg)
