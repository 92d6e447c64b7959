"""The pages that people look at: each ratio over time, by organisation and group, with what the figure rests on.

Static HTML with drawn charts in the languages of the workspace: no script, no request, no clock. They are made from the
tables of the very release or edition that they lie in, so that they show nothing its readers may not see.
"""

from release.performance_report.site import INDEX, performance_report

__all__ = ["INDEX", "performance_report"]
