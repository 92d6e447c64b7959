"""Agency bytes are landed before anything looks into them: unchanged, by content, with a receipt."""

from ingest.landing.delivery import Receipt, receipts
from ingest.landing.inbox import LandingResult, land, left_lying, waiting
from ingest.landing.refusals import InboxRefusal, inbox_refusals, write_inbox_refusals

__all__ = [
    "InboxRefusal",
    "LandingResult",
    "Receipt",
    "inbox_refusals",
    "land",
    "left_lying",
    "receipts",
    "waiting",
    "write_inbox_refusals",
]
