"""Expectations: what must hold of a figure before it counts, and of a release before anybody sees it.

Rules are data (``catalogue/*.yml`` here, ``rules/*.yml`` in a workspace). ``intake`` judges what one source handed in,
``release`` judges the warehouse; Great Expectations enforces both by push-down in DuckDB. Of the other rooms this one
knows only the contract (``ingest.contract``) and the registry's models.
"""
