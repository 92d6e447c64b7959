"""Reading what a cell says: numbers, units, labels and encodings, without any knowledge of a workspace.

Every function here is pure. Nothing is guessed: what can be read in two ways is reported as ambiguous, with the words
of ``ingest.contract.PROBLEM_COLUMNS``, and the next room judges it (domain.md 6.7 and 10).
"""
