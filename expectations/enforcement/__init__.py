"""Enforcement: the rules as a Great Expectations suite, validated by push-down in DuckDB."""
