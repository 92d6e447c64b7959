"""Intake: agency bytes in, tidy observations out.

This room lands what agencies hand in, reads it by a recipe written in YAML, and states every fact as one tidy
observation that still knows its workbook cell. It judges nothing: what cannot be read is described in the
``*_problem`` columns of the contract and judged by the next room, ``expectations``.
"""
