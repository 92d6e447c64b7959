"""The README of a release: what it holds, how it is opened, and the pages to begin at."""

from __future__ import annotations

from collections.abc import Mapping

README = "README.md"


def front_page(
    title: Mapping[str, str], identifier: str, rows: Mapping[str, int], entries: Mapping[str, Mapping[str, str]]
) -> str:
    """Markdown in Vietnamese and English; ``rows`` by table, ``entries`` the pages to begin at and what they show."""
    tables = "\n".join(f"| `{name}` | {count} |" for name, count in sorted(rows.items()))
    vi, en = title.get("vi", ""), title.get("en", "")
    pages = "".join(f"- [{path}]({path}): {shows['vi']} / {shows['en']}\n" for path, shows in entries.items())
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
