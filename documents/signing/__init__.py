"""The company's seal on finished PDFs (PAdES), and the check of such seals; it knows no Django.

pyHanko is imported only where a PDF is sealed or checked, never by a process that shows pages.
"""
