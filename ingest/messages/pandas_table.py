"""pandas ``orient="table"`` JSON (Table Schema): a schema of fields, and data as records."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.messages.json_text import load_json
from ingest.messages.records import RecordTable
from ingest.messages.table import Document, MessageOptions, MessageRefusedError, MessageTable, data_documents


def read_pandas_table(documents: Sequence[Document], options: MessageOptions) -> MessageTable:
    """Read Table Schema JSON. Columns stand in the order of the schema; a column that it does not name is refused.

    Raises ``MessageRefusedError`` as said, and if schema or data are missing.
    """
    table = RecordTable(options.key)
    for document in data_documents(documents):
        message = load_json(document)
        schema, data = (message.get("schema"), message.get("data")) if isinstance(message, dict) else (None, None)
        if not isinstance(schema, dict) or not isinstance(data, list):
            raise MessageRefusedError(document.name, "", "thiếu schema hoặc data.", "schema or data are missing.")
        names = [str(item["name"]) for item in schema.get("fields") or []]
        table.declare(names)
        table.add_objects(data, "/data", document)
        unnamed = sorted(set(table.columns) - set(names) - {n for n in table.columns if n.split(".")[0] in names})
        if unnamed:
            raise MessageRefusedError(
                document.name,
                "/schema/fields",
                f"schema không nêu cột {', '.join(unnamed)}.",
                f"the schema does not name the columns {', '.join(unnamed)}.",
            )
    table.note_repeats()
    return table.finish()
