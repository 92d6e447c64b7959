"""Agency bytes are landed before anything looks into them: unchanged, by content, with a receipt."""

from ingest.landing.delivery import Receipt, receipts
from ingest.landing.inbox import InboxRefusal, LandingResult, land, waiting

__all__ = ["InboxRefusal", "LandingResult", "Receipt", "land", "receipts", "waiting"]
