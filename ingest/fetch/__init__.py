"""Fetching from APIs: every response is landed before anything looks into it; a killed fetch goes on where it was."""

from ingest.fetch.answer import Answer, deliver, read_answer
from ingest.fetch.fetcher import fetch, fetch_source
from ingest.fetch.problem import FetchError
from ingest.fetch.spec import FetchSpec
from ingest.fetch.state import FetchState, LandedResponse

__all__ = [
    "Answer",
    "FetchError",
    "FetchSpec",
    "FetchState",
    "LandedResponse",
    "deliver",
    "fetch",
    "fetch_source",
    "read_answer",
]
