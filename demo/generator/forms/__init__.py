"""One module a source: lays the truth out as the agency hands it in, each value cell carrying its fact."""
