"""Signing in with an account of an OpenID provider outside. The other way round is `web.single_sign_on`."""

#: Where a session that began there keeps its ID token, sealed: the hint by which it is ended there. Here, where nothing
#: is imported: the live feed asks for it, too.
HINT = "outside_id_token"
