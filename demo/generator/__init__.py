"""Writes the inbox of the demo workspace: fictional figures from a model, as untidy workbooks, with planted errors.

``truth`` holds consistent figures, ``forms`` lay them out as agencies do, ``planted`` spoils declared cells, and
``spreadsheet_files`` and ``text_files`` turn the sheets into bytes that are the same on every run.
"""
