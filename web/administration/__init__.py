"""The administrator's pages: accounts, areas, code tables, service points, tokens, webhooks; and the record of changes.

Importing this registers them. No table of residents has a page here.
"""

from web.administration import (
    accounts,
    areas,
    client_systems,
    codes,
    postings,
    record,
    service_points,
    sign_in_rules,
    tokens,
    webhooks,
)
from web.administration.site import site

__all__ = [
    "accounts",
    "areas",
    "client_systems",
    "codes",
    "postings",
    "record",
    "service_points",
    "sign_in_rules",
    "site",
    "tokens",
    "webhooks",
]
