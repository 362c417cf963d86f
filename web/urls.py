"""Every address of the product. A view is closed unless `web.scope.PUBLIC` names it."""

from django.contrib.auth import views as auth
from django.urls import include, path
from django.views.i18n import JavaScriptCatalog

from web import administration
from web.field import pack, submissions
from web.field import page as field_page
from web.pages import (
    areas,
    at,
    buildings,
    cells,
    dashboard,
    health,
    heat,
    incident_filter_bar,
    incident_report,
    incidents,
    map,
    map_incidents,
    no_posting,
    panels,
    photos,
    reports,
    residents,
    risk,
    saved_filters,
    search,
    service,
    service_points,
    service_proposals,
    tiles,
    values,
)
from web.sign_in import PasswordChange, SignIn

handler400 = "web.errors.bad_request"
handler403 = "web.errors.forbidden"
handler404 = "web.errors.not_found"
handler500 = "web.errors.server_error"

urlpatterns = [
    path("", map.show, name="map"),
    path("tiles/<str:layer>/<int:z>/<int:x>/<int:y>.mvt", tiles.send, name="tile"),
    path("map/values/", values.send, name="values"),
    path("map/listed/", values.listed, name="listed"),
    path("map/places/", map.places, name="places"),
    path("map/heat/", heat.send, name="heat"),
    path("map/service/", service.send, name="service"),
    path("map/service/try/", service.try_sites, name="service-try"),
    path("map/service/best/", service.find_sites, name="service-best"),
    path("map/service/around/", service.send_around, name="service-around"),
    path("map/service/points/", service_points.save, name="service-points"),
    path("map/service/proposals/", service_proposals.proposals, name="service-proposals"),
    path("map/incidents/", map_incidents.clusters, name="clusters"),
    path("map/incidents/list/", map_incidents.listed, name="incidents-here"),
    path("map/incidents/filter/", incident_filter_bar.show, name="incident-filter"),
    path("map/at/", at.send, name="at"),
    path("map/panel/area/<str:code>/", panels.area, name="area-panel"),
    path("map/panel/cell/<str:code>/", panels.cell, name="cell-panel"),
    path("map/panel/risk/", risk.panel, name="risk-panel"),
    path("map/panel/building/<int:pk>/", panels.building, name="building-panel"),
    path("dashboard/", dashboard.show, name="dashboard"),
    path("map/panel/incident/<str:number>/", panels.incident, name="incident-panel"),
    path("search/", search.send, name="search"),
    path("search/people/", search.people, name="search-people"),
    path("areas/<str:code>/", areas.show, name="area"),
    path("cells/<str:code>/", cells.show, name="cell"),
    path("buildings/", buildings.index, name="buildings"),
    path("buildings/<int:pk>/", buildings.show, name="building"),
    path("residents/", residents.index, name="residents"),
    path("residents/<int:pk>/", residents.show, name="resident"),
    path("incidents/", incidents.index, name="incidents"),
    path("incident-filters/", saved_filters.index, name="saved-filters"),
    path("incident-filters/<int:pk>/", saved_filters.one, name="saved-filter"),
    path("incidents/new/", incident_report.show, name="incident-new"),
    path("incidents/similar/", incident_report.similar, name="incident-similar"),
    path("incidents/<str:number>/", incidents.show, name="incident"),
    path("photos/<uuid:uuid>/", photos.full, name="photo"),
    path("photos/<uuid:uuid>/small/", photos.small, name="photo-small"),
    path("reports/", reports.index, name="reports"),
    path("reports/<uuid:uuid>/progress/", reports.progress, name="report-progress"),
    path("reports/<uuid:uuid>/file/", reports.take, name="report-take"),
    path("reports/<uuid:uuid>/cancel/", reports.cancel, name="report-cancel"),
    path("risk/", risk.show, name="risk"),
    path("risk/weights.csv", risk.default_weights, name="risk-weights"),
    path("field/", field_page.show, name="field"),
    path("field/hello/", field_page.hello, name="field-hello"),
    path("field/sw.js", field_page.keeper, name="field-keeper"),
    path("field/words.js", field_page.words, name="field-words"),
    path("field/manifest.webmanifest", field_page.manifest, name="field-manifest"),
    path("field/pack/", pack.send, name="field-pack"),
    path("field/submissions/", submissions.receive, name="field-submissions"),
    path("sign-in/", SignIn.as_view(), name="sign-in"),
    path("sign-out/", auth.LogoutView.as_view(), name="sign-out"),
    path("password/", PasswordChange.as_view(), name="password-change"),
    path("no-posting/", no_posting.show, name="no-posting"),
    path("i18n/", include("django.conf.urls.i18n")),
    path("words.js", JavaScriptCatalog.as_view(packages=["web"]), name="javascript-catalog"),
    path("healthz", health.show, name="health"),
    path("admin/", administration.site.urls),
]
