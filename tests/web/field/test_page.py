"""The field page's shell and what brings it to life: it …"""

import json
import re

from PIL import Image

from web.field import page
from web.field.holder import holder_of


def test_the_shell_is_the_same_for_everybody_and_names_nobody(client, client_of, cast):
    assert client.get("/field/").content == client_of("wang").get("/field/").content
    assert cast.wang.name not in client_of("wang").get("/field/").content.decode()


def test_the_shell_speaks_the_language_asked_for(client, db):
    assert 'lang="zh-Hans"' in client.get("/field/?lang=zh-hans").content.decode()
    english = client.get("/field/?lang=en", HTTP_ACCEPT_LANGUAGE="zh").content.decode()
    assert 'lang="en"' in english
    assert "Connecting" in english


def test_hello_says_who_without_a_name(client_of, cast):
    told = client_of("wang", HTTP_ACCEPT="application/json").get("/field/hello/").json()
    assert told["holder"] == holder_of(cast.wang)
    assert "people.read" in told["able"]
    assert cast.wang.username not in json.dumps(told)
    assert len({holder_of(one) for one in cast.accounts.values()}) == len(cast.accounts)


def test_hello_asks_to_sign_in(client, db):
    assert client.get("/field/hello/", HTTP_ACCEPT="application/json").status_code == 401


def test_the_worker_keeps_every_file_of_the_page(client, db, settings):
    answer = client.get("/field/sw.js")
    told = json.loads(re.match(r"const FIELD=(.*);\n", answer.content.decode())[1])
    assert answer.headers["Cache-Control"] == "no-cache"
    assert told["shells"] == ["/field/?lang=zh-hans", "/field/?lang=en"]
    assert [name.rpartition("/")[2] for name in told["files"]] == [*page._built()["files"], "words.js?lang=en"]


def test_new_files_make_a_new_worker(client, db, monkeypatch):
    before = client.get("/field/sw.js").content
    monkeypatch.setattr(page, "_built", lambda: {"files": ["field.other.js"], "first": []})
    assert client.get("/field/sw.js").content != before


def test_its_words_are_those_it_uses(client, db):
    script = client.get("/field/words.js?lang=en").content.decode()
    assert '"在线": "Online"' in script
    assert "热力图" not in script
    assert client.get("/field/words.js?lang=xx").content == b""


def test_it_can_be_put_on_a_home_screen(client, db):
    told = json.loads(client.get("/field/manifest.webmanifest").content)
    assert told["start_url"] == "/field/"
    for icon in told["icons"]:
        path = page.BUILT / icon["src"].rpartition("/")[2]
        assert Image.open(path).size == tuple(map(int, icon["sizes"].split("x")))
