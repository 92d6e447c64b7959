"""Every format of message, by the name that ``fetch: api:`` gives it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from ingest.messages.ckan import read_ckan
from ingest.messages.delimited import read_csv
from ingest.messages.dhis2 import read_dhis2_analytics, read_dhis2_values
from ingest.messages.json_stat import read_json_stat
from ingest.messages.paged_json import read_json, read_odata, read_socrata
from ingest.messages.pandas_table import read_pandas_table
from ingest.messages.pxweb import read_pxweb
from ingest.messages.sdmx_csv import read_sdmx_csv
from ingest.messages.sdmx_json import read_sdmx_json
from ingest.messages.sdmx_ml import read_sdmx_ml
from ingest.messages.table import Document, MessageOptions, MessageRefusedError, MessageTable
from ingest.messages.world_bank import read_world_bank

Reader = Callable[[Sequence[Document], MessageOptions], MessageTable]


@dataclass(frozen=True)
class MessageFormat:
    """A format: what its bytes are, and what reads them."""

    syntax: Literal["json", "xml", "csv"]
    read: Reader


FORMATS: dict[str, MessageFormat] = {
    "sdmx-ml": MessageFormat("xml", read_sdmx_ml),
    "sdmx-csv": MessageFormat("csv", read_sdmx_csv),
    "sdmx-json": MessageFormat("json", read_sdmx_json),
    "json-stat": MessageFormat("json", read_json_stat),
    "pxweb": MessageFormat("json", read_pxweb),
    "ckan": MessageFormat("json", read_ckan),
    "socrata": MessageFormat("json", read_socrata),
    "world-bank": MessageFormat("json", read_world_bank),
    "dhis2-values": MessageFormat("json", read_dhis2_values),
    "dhis2-analytics": MessageFormat("json", read_dhis2_analytics),
    "odata": MessageFormat("json", read_odata),
    "json": MessageFormat("json", read_json),
    "pandas-table": MessageFormat("json", read_pandas_table),
    "csv": MessageFormat("csv", read_csv),
}


def read_message(
    format_name: str, documents: Sequence[Document], options: MessageOptions | None = None
) -> MessageTable:
    """Read landed documents in a format of ``FORMATS``.

    Raises ``MessageRefusedError`` for whatever cannot be read whole; ``KeyError`` for a name that is no format.
    """
    message_format = FORMATS[format_name]
    try:
        return message_format.read(documents, options or MessageOptions())
    except (KeyError, TypeError, AttributeError, IndexError, ValueError) as error:
        # A part of the message has another shape than its format says: a list where an object belongs, a name left out.
        names = ", ".join(document.name for document in documents)
        raise MessageRefusedError(
            names,
            "",
            f"không đúng cấu trúc của {format_name} ({type(error).__name__}: {error}).",
            f"is not built as {format_name} is ({type(error).__name__}: {error}).",
        ) from error
