"""The language of ``sources/NAME.yml``: its models, its loader, and the engine that lays a recipe over a sheet."""
