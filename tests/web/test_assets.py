"""The addresses of built browser files."""

import json
import os

from web.templatetags.assets import asset, built_name


def test_it_names_a_file_after_its_content(tmp_path):
    manifest = tmp_path / "manifest.json"
    manifest.write_text(json.dumps({"map.js": "map.0123456789ab.js"}))
    assert built_name("map.js", manifest) == "map.0123456789ab.js"
    assert built_name("other.js", manifest) == "other.js"


def test_it_stays_with_the_build_it_started_with(tmp_path):
    manifest = tmp_path / "manifest.json"
    manifest.write_text(json.dumps({"map.js": "old"}))
    built_name("map.js", manifest)
    manifest.write_text(json.dumps({"map.js": "new"}))
    assert built_name("map.js", manifest) == "old"


def test_it_follows_each_build_while_developing(tmp_path, settings):
    settings.DEBUG = True
    manifest = tmp_path / "manifest.json"
    for name in ("one", "two", "three"):
        manifest.write_text(json.dumps({"map.js": name}))
        os.utime(manifest, ns=(0, hash(name) & 0xFFFFFFFF))
        assert built_name("map.js", manifest) == name


def test_it_uses_the_plain_name_before_the_first_build(tmp_path):
    assert built_name("map.css", tmp_path / "manifest.json") == "map.css"
    assert asset("map.css").startswith("/static/built/map.")
