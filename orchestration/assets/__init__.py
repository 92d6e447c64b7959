"""The assets: registry, one chain a source, the reference tables, the dbt models, the release.

Every asset does its work through the function of a room and reports numbers; none decides anything about data.
"""
