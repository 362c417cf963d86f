"""The administrator's pages. Importing this registers them."""

from web.administration.site import site

__all__ = ["site"]
