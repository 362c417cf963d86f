"""The addresses under `sign-on/`, named as django-oauth-toolkit looks them up. Registration by machines, devices and
introspection are left out.
"""

from django.urls import path
from oauth2_provider import views

from web.single_sign_on import provider

app_name = "oauth2_provider"
urlpatterns = [
    path(".well-known/openid-configuration", provider.Discovery.as_view(), name="oidc-connect-discovery-info"),
    path(
        ".well-known/oauth-authorization-server", views.OAuthServerMetadataView.as_view(), name="oauth-server-metadata"
    ),
    path("keys/", provider.keys, name="jwks-info"),
    path("authorize/", provider.Consent.as_view(), name="authorize"),
    path("token/", provider.Tokens.as_view(), name="token"),
    path("revoke/", provider.Revocation.as_view(), name="revoke-token"),
    path("userinfo/", provider.UserInfo.as_view(), name="user-info"),
    path("sign-out/", provider.SignOutOfBoth.as_view(), name="rp-initiated-logout"),
]
