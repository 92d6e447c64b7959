"""The demo workspace, and the generator of what its fictional agencies hand in."""
