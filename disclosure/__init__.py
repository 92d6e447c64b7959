"""Disclosure control: the built warehouse in, an edition for an audience out, with the proof that nothing leaks."""

from disclosure.edition import Edition, make_edition
from disclosure.policy import Identity, Policy

__all__ = ["Edition", "Identity", "Policy", "make_edition"]
