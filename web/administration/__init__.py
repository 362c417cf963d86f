"""The administrator's pages: accounts, areas, code tables, service points, and the record of what was changed.

Importing this registers them. No table of residents has a page here.
"""

from web.administration import accounts, areas, codes, postings, record, service_points
from web.administration.site import site

__all__ = ["accounts", "areas", "codes", "postings", "record", "service_points", "site"]
