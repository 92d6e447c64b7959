"""Appraisal of individuals by schemes that are data, in a restricted file of its own (domain.md 8.5, 8.6)."""
