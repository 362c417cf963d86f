"""Signing in with an account of an OpenID provider outside. The other way round is `web.single_sign_on`."""
