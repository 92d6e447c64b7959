"""Writes the inbox of the demo workspace: ``python -m demo.generate [--workspace DIR] [--seed N] [--if-absent]``.

The same seed gives the same bytes on every run and machine. All figures are fictional.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from demo.generator.inbox import deliveries, flawless_workbooks, render
from demo.generator.planted import load_planted, plant

SEED = 20250701
WORKSPACE = Path(__file__).resolve().parent


def generate(workspace_dir: Path, seed: int = SEED) -> list[Path]:
    """Write ``inbox/`` below a workspace that has the demo's registry; returns the files, in the order of receipt.

    Raises OSError if the registry or ``planted_errors.yml`` is not there, ValueError if a planted error does not fit.
    """
    workbooks = flawless_workbooks(workspace_dir, seed)
    plant(workbooks, load_planted(workspace_dir / "planted_errors.yml"))
    written = []
    for workbook in workbooks:
        content = render(workbook)
        for delivery in deliveries(workbook):
            path = workspace_dir / "inbox" / delivery.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            written.append(path)
    return written


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workspace", type=Path, default=WORKSPACE, help="workspace to write inbox/ below")
    parser.add_argument("--seed", type=int, default=SEED, help="seed of all figures")
    parser.add_argument("--if-absent", action="store_true", help="leave an inbox that is there as it is")
    options = parser.parse_args()
    if options.if_absent and (options.workspace / "inbox").is_dir():
        return
    files = generate(options.workspace, options.seed)
    size = sum(path.stat().st_size for path in files)
    where = options.workspace / "inbox"
    print(f"{len(files)} files, {size / 1e6:.1f} MB in {where} (fictional figures, seed {options.seed})")


if __name__ == "__main__":
    main()
