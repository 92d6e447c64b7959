"""What the government decides: organisations, indicators, ratios, target groups, objectives and targets."""

from ingest.registry.load import Registry, RegistryError, load_registry

__all__ = ["Registry", "RegistryError", "load_registry"]
