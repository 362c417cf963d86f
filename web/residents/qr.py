"""A QR code as a picture in the page: nothing is asked of another site, and it prints sharp at any size."""

import segno
from django.utils.safestring import SafeString, mark_safe


def qr_picture(text: str) -> SafeString:
    """An SVG of the code, with the quiet edge that readers need. Level M: a scratch or a drop of paint is no harm."""
    code = segno.make(text, error="m", micro=False)
    drawn = code.svg_inline(scale=4, border=4, dark="#000", light="#fff", svgclass="qr", omitsize=True)
    return mark_safe(drawn)  # noqa: S308 - modules of a matrix, no text of anybody's
