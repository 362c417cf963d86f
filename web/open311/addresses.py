from django.urls import path

from web.open311 import requests, services

app_name = "open311"
urlpatterns = [
    path("discovery.<str:form>", services.discover, name="discovery"),
    path("services.<str:form>", services.listed, name="services"),
    path("services/<str:code>.<str:form>", services.one, name="service"),
    path("requests.<str:form>", requests.listed_or_new, name="requests"),
    path("requests/<str:key>.<str:form>", requests.one, name="request"),
    path("<path:url>", services.nothing, name="nothing"),
]
