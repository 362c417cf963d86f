"""Wangge as OpenID provider: departments' systems let people in with their account here."""
