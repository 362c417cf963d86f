"""Open311 GeoReport v2, an adapter: what residents may read and report on their own pages, in the standard's form.

Read, it shows what `gis.incidents.public_case` lets anybody see and asks for no key. Written, it is one of two doors
that are there already: with an `api_key`, which is a token of the API, a report of that account; without one a
resident's, by the rules and limits of their form, for this address opens nothing that the form does not.
"""
