from django.urls import path

from web.open311 import offered, requests

app_name = "open311"
urlpatterns = [
    path("discovery.<str:form>", offered.discover, name="discovery"),
    path("services.<str:form>", offered.listed, name="services"),
    path("services/<str:code>.<str:form>", offered.one, name="service"),
    path("requests.<str:form>", requests.listed_or_new, name="requests"),
    path("requests/<str:key>.<str:form>", requests.one, name="request"),
    path("<path:url>", offered.nothing, name="nothing"),
]
