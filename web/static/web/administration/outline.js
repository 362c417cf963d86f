/* Draws or shows the outline of an area on the base map of our own roads and water. Everything it needs stands in
   the page as data, so the content security policy needs no exception. */
"use strict";
(function () {
  const GROUND = {
    water: "#bcd6e6", park: "#d3e5c4", farm: "#e9ecd2", residential: "#ebe8e1", school: "#efe3cf", hospital: "#f1dcdc",
    square: "#e6e4e0", commercial: "#efe5e8", industry: "#e4e2ea", village: "#eee6d8",
  };
  const WAY = {
    trunk: { color: "#e9b872", weight: 5 }, major: { color: "#ffffff", weight: 4 }, minor: { color: "#ffffff", weight: 2.5 },
    rail: { color: "#8a8a8a", weight: 2, dashArray: "6 4" }, river: { color: "#9fc4da", weight: 4 },
    wall: { color: "#b0a79c", weight: 1 },
  };

  /* django-leaflet's store keeps the outer ring only and rounds to 6 places: neighbours would lose holes and part. */
  const ExactStore = L.FieldStore.extend({
    _serialize: function (layer) {
      const polygons = layer.getLayers().flatMap(function (drawn) {
        const shape = drawn.toGeoJSON(false).geometry;
        return shape.type === "MultiPolygon" ? shape.coordinates : [shape.coordinates];
      });
      return polygons.length ? JSON.stringify({ type: "MultiPolygon", coordinates: polygons }) : "";
    },
    _deserialize: function (value) {
      return value.trim() ? L.GeoJSON.geometryToLayer(JSON.parse(value)) : null;
    },
  });

  function styleOf(feature) {
    const facts = feature.properties;
    if (facts.level) return { color: "#7d5ba6", weight: 1.2, dashArray: "5 3", fill: false };
    if (feature.geometry.type.includes("Polygon")) {
      return { stroke: false, fillColor: GROUND[facts.kind] || "#ebe8e1", fillOpacity: 1 };
    }
    return WAY[facts.kind === "road" ? facts.rank : facts.kind] || WAY.minor;
  }

  /* The names of one level at a time: those a reader would look for at this zoom. */
  function namedLevel(zoom) {
    return zoom >= 14 ? "community" : zoom >= 11 ? "street" : "district";
  }

  function nameArea(map, feature, layer) {
    if (feature.properties.level === namedLevel(map.getZoom())) {
      layer.bindTooltip(feature.properties.name, { permanent: true, direction: "center", className: "outline-name" });
    }
  }

  function addSurroundings(map, element, words, note) {
    const layer = L.geoJSON(null, { style: styleOf, interactive: false, pane: "tilePane",
      onEachFeature: nameArea.bind(null, map) });
    let asked = 0;
    layer.addTo(map);
    async function load() {
      const mine = ++asked;
      try {
        const answer = await fetch(element.dataset.surroundings + "?box=" + map.getBounds().pad(0.1).toBBoxString());
        if (!answer.ok) throw new Error(answer.status);
        const found = await answer.json();
        if (mine !== asked) return;
        layer.clearLayers().addData(found);
        note.textContent = "";
      } catch {
        note.textContent = words.failed;
      }
    }
    map.on("moveend", load);
    load();
  }

  function translate(words) {
    const draw = L.drawLocal.draw, edit = L.drawLocal.edit;
    draw.toolbar.buttons.polygon = words.polygon;
    draw.toolbar.buttons.rectangle = words.rectangle;
    draw.toolbar.actions = { title: words.cancel, text: words.cancel };
    draw.toolbar.finish = { title: words.finish, text: words.finish };
    draw.toolbar.undo = { title: words.undo, text: words.undo };
    draw.handlers.polygon.tooltip = { start: words.start, cont: words["continue"], end: words.end };
    draw.handlers.polyline.error = words.crossing;
    edit.toolbar.actions = {
      save: { title: words.save, text: words.save }, cancel: { title: words.cancel, text: words.cancel },
      clearAll: { title: words.clearAll, text: words.clearAll },
    };
    edit.toolbar.buttons = {
      edit: words.edit, editDisabled: words.editDisabled, remove: words.remove, removeDisabled: words.removeDisabled,
    };
    edit.handlers.edit.tooltip = { text: words.drag, subtext: "" };
    edit.handlers.remove.tooltip = { text: words.click };
  }

  function show(element) {
    const frame = element.parentElement;
    const words = JSON.parse(frame.querySelector("script[type='application/json']").textContent);
    translate(words);
    const map = L.map(element, { zoomControl: false, attributionControl: false, maxZoom: 20, zoomSnap: 0.5 });
    L.control.zoom({ zoomInTitle: words.zoomIn, zoomOutTitle: words.zoomOut }).addTo(map);
    L.control.scale({ imperial: false }).addTo(map);
    map.setView([40.128, 116.655], 12);
    map.maxZoom = 18; // how near django-leaflet's field goes to the outline
    const modifiable = element.dataset.modifiable === "yes";
    new L.GeometryField({
      fieldid: element.dataset.field, geom_type: "MultiPolygon", modifiable: modifiable, field_store_class: ExactStore,
    }).addTo(map);
    addSurroundings(map, element, words, frame.querySelector(".outline-note"));
    element.outlineMap = map;
  }

  document.addEventListener("DOMContentLoaded", function () {
    document.querySelectorAll(".outline-map").forEach(show);
  });
})();
