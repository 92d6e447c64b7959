"""Publication: what passed the release gate becomes an immutable release, and readers are switched to it at once."""

from release.publish import Release, publish
from release.shelf import ReleaseShelf

__all__ = ["Release", "ReleaseShelf", "publish"]
