"""How departments' systems sign people in: authorization code with PKCE, RS256, nothing else."""


def provider(site_url: str, session_seconds: int) -> dict:
    """Settings of django-oauth-toolkit. `site_url`: the address as people reach it; empty: as each request names it."""
    return {
        "OIDC_ENABLED": True,
        "OIDC_ISS_ENDPOINT": f"{site_url.rstrip('/')}/sign-on" if site_url else "",
        "OAUTH2_VALIDATOR_CLASS": "web.single_sign_on.claims.Validator",
        "SCOPES": {"openid": "", "profile": "", "posting": ""},
        "DEFAULT_SCOPES": ["openid"],
        "PKCE_REQUIRED": True,
        "AUTHORIZATION_CODE_EXPIRE_SECONDS": 60,
        "ACCESS_TOKEN_EXPIRE_SECONDS": 600,
        "ID_TOKEN_EXPIRE_SECONDS": 3600,
        "REFRESH_TOKEN_EXPIRE_SECONDS": session_seconds,
        "REFRESH_TOKEN_REUSE_PROTECTION": True,
        "OIDC_RESPONSE_TYPES_SUPPORTED": ["code"],
        "OAUTH2_RESPONSE_TYPES_SUPPORTED": ["code"],
        "OAUTH2_GRANT_TYPES_SUPPORTED": ["authorization_code", "refresh_token"],
        "OIDC_RP_INITIATED_LOGOUT_ENABLED": True,
        **{f"COMPLIANT_BCP_RFC9700_{name}": True for name in _PRACTICE},
    }


#: RFC 9700. Plain http is offered to addresses of this machine alone, so the rule on schemes is ours.
_PRACTICE = (
    "IMPLICIT_GRANT", "PASSWORD_GRANT", "PKCE_METHOD", "ACCESS_TOKEN_TRANSPORT", "AUTHZ_RESPONSE_ISS", "TOKEN_STORAGE",
    "REFRESH_TOKEN", "REDIRECT_URI_MATCHING", "PKCE_REQUIRED",
)  # fmt: skip
