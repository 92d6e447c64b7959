"""Labels to codes of the registry."""

from ingest.resolve.resolver import Resolved, Resolver, Span

__all__ = ["Resolved", "Resolver", "Span"]
