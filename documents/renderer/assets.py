"""What a document may show besides its own text, kept in memory under `redress-asset:<name>`."""

# The mark 衡, as on the pages: the character on a rounded square.
MARK = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48">
<rect width="48" height="48" rx="10" fill="#0b5c7a"/>
<text x="24" y="34" text-anchor="middle" fill="#fff" font-size="28" font-weight="bold"
 font-family="Noto Sans CJK SC, Noto Sans SC, sans-serif">衡</text></svg>""".encode()

ASSETS = {"mark.svg": ("image/svg+xml", MARK)}
