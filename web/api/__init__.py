"""The API for other systems, `/api/v1/`: cases, their moves and photos, in JSON, described by OpenAPI.

A request carries a token (`gis.accounts.token`), never a session, so that no page of another site can make one. The
gate (`web.scope`) lets it in and counts it; from then on scope and workflow hold as for any person.
"""
