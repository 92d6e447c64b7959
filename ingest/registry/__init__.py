"""What the government decides: organisations and their events, indicators, ratios, groups, objectives, targets."""

from ingest.registry.registry import Registry, RegistryError, load_registry, ratio_terms

__all__ = ["Registry", "RegistryError", "load_registry", "ratio_terms"]
