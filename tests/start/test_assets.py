"""The browser side is built by npm: it …"""

import json
from pathlib import Path

import pytest

from tests.start.conftest import ROOT
from web.start.assets import ensure_assets
from web.start.checkout import Checkout
from web.start.problems import CannotStart

BUILD = """
import { appendFileSync, mkdirSync } from "node:fs"
import { text } from "./text.mjs"
mkdirSync("../static/built", { recursive: true })
appendFileSync("../static/built/out.txt", text)
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    """A front end without packages, whose build appends a word each time it runs."""
    made = Checkout(tmp_path, tmp_path / ".wangge")
    made.make_folders()
    made.venv.symlink_to(ROOT / ".venv")
    source = tmp_path / "web" / "frontend"
    source.mkdir(parents=True)
    (source / "package.json").write_text(json.dumps({"name": "x", "scripts": {"build": "node build.mjs"}}))
    (source / "build.mjs").write_text(BUILD)
    (source / "text.mjs").write_text("export const text = 'one '\n")
    return made


def test_it_is_built_once_and_again_when_a_source_changes(checkout: Checkout) -> None:
    built = checkout.root / "web" / "static" / "built" / "out.txt"
    ensure_assets(checkout)
    ensure_assets(checkout)
    assert built.read_text() == "one "
    (checkout.root / "web" / "frontend" / "text.mjs").write_text("export const text = 'two '\n")
    ensure_assets(checkout)
    assert built.read_text() == "one two "


def test_it_says_where_to_look_when_the_sources_do_not_build_and_tries_again(checkout: Checkout) -> None:
    source = checkout.root / "web" / "frontend" / "text.mjs"
    source.write_text("export const text = broken\n")
    with pytest.raises(CannotStart, match="browser assets could not be built: ReferenceError: broken") as caught:
        ensure_assets(checkout)
    assert "assets.log" in caught.value.fix
    with pytest.raises(CannotStart):
        ensure_assets(checkout)


def test_it_is_left_out_where_there_is_none(tmp_path: Path) -> None:
    ensure_assets(Checkout(tmp_path, tmp_path / ".wangge"))
    assert not (tmp_path / ".wangge").exists()
