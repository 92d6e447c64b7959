"""The README of a release: what it holds, how it is opened, and where it is said what was checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

README = "README.md"


def front_page(title: Mapping[str, str], identifier: str, rows: Mapping[str, int], documents: Sequence[str]) -> str:
    """Markdown in Vietnamese and English; ``rows`` by table, ``documents`` are entry pages within the release."""
    tables = "\n".join(f"| `{name}` | {count} |" for name, count in sorted(rows.items()))
    vi, en = title.get("vi", ""), title.get("en", "")
    pages = "".join(
        f"- [{path}]({path}): các kiểm định đã chạy và kết quả / what was checked, and what was found\n"
        for path in documents
    )
    return f"""\
# {vi} / {en}

Bản công bố `{identifier}`. Bản này không bao giờ thay đổi. / Release `{identifier}`. It never changes.

- `outturn.duckdb`: mọi bảng (chỉ đọc) / every table (open it read-only)
- `parquet/`: cùng các bảng đó, mỗi bảng một tệp / the same tables, a file each
- `datapackage.json`: mô tả từng cột, mã SHA-256 từng tệp / every column described, every file with its SHA-256
{pages}
| bảng / table | dòng / rows |
|---|---|
{tables}
"""
