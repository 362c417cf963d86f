"""A view of the map as a file: `view` says what was on the screen, `contents` gathers it in scope, and one module a
format writes it: `web_map` (Folium), `picture` (PNG), `workbook` (XLSX), `package` (GeoPackage).

A writer takes `Contents`, a path and a function it tells its progress to, 0–100; the function may raise to stop it.
"""
