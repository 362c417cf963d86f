"""The pages of the residents' window: kept in no cache, and named to no other site, for an address may be a secret."""

from web.open_pages import open_to_all

opened = open_to_all(
    "web/residents/refusal.html",
    {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex"},
)
