"""The process that turns HTML into PDF, apart from everything else; it knows no Django.

`python -m documents.renderer` imports WeasyPrint once and then forks a child for each document.
"""
