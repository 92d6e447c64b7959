"""``outturn labels``: the labels that resolved to nothing, for a steward to confirm in the source's label map."""

from __future__ import annotations

import click

from orchestration.command_line.terminal import Terminal, print_table


@click.command(epilog="\b\nExamples:\n  outturn labels one_stop_shop\n  outturn labels one_stop_shop --write")
@click.argument("source")
@click.option("--write", is_flag=True, help="Add them to sources/SOURCE.labels.csv, the code left to be filled in.")
@click.pass_obj
def labels(terminal: Terminal, source: str, write: bool) -> None:
    """List labels of SOURCE that match nothing registered, with the nearest candidates.

    Nothing is matched by likeness: a steward confirms a label by writing its code beside it into
    sources/SOURCE.labels.csv; the next run reads the figures that waited for it.
    """
    from ingest.recipe.components import dimensions_of
    from ingest.recipe.label_map import label_map_of, open_labels, with_open_labels
    from ingest.state import write_atomically

    workspace = terminal.workspace
    if source not in workspace.sources:
        known = ", ".join(sorted(workspace.sources))
        raise click.UsageError(terminal.phrase("unknown_source", names=source, known=known))
    dimensions = dimensions_of(workspace.sources[source])
    found = open_labels(workspace.state.quarantine(source), dimensions)
    if not found:
        terminal.say("labels_none", source=source)
        return
    print_table(
        terminal,
        "open_labels",
        [(label.component, label.label, label.figures, label.nearest, label.place) for label in found],
    )
    path = label_map_of(terminal.folder / "sources" / f"{source}.yml")
    if not write:
        terminal.say("labels_hint", source=source, file=str(path))
        return
    mappable = [label for label in found if label.component != "target_group"]
    content, added = with_open_labels(path.read_bytes() if path.is_file() else b"", mappable)
    write_atomically(path, content)
    terminal.say("labels_written", count=added, file=str(path))
