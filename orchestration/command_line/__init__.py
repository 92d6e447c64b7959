"""The command ``outturn``: one file a command; what they say stands in ``phrases.yml``, in both languages."""
