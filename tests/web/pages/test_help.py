"""The pages of help, in both languages."""

import pytest

from gis.dictionary.glossary import terms


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_glossary_is_read_in_ones_own_language(language, client_of):
    text = client_of("wang", HTTP_ACCEPT_LANGUAGE=language).get("/help/").content.decode()
    for one in terms():
        assert (one.term_en if language == "en" else one.term) in text


def test_the_dictionary_opens_a_table(client_of):
    browser = client_of("li")
    assert "?table=grid_building" in browser.get("/help/dictionary/").content.decode()
    page = browser.get("/help/dictionary/?table=grid_resident").content.decode()
    assert "identity_sealed" in page
    assert "加密" in page


@pytest.mark.parametrize(
    ("table", "status"), [("x", 404), ("pg_class", 404), ("grid_building" * 99, 404), ("%00", 400)], ids=range(4)
)
def test_it_knows_no_other_table(table, status, client_of):
    assert client_of("li").get(f"/help/dictionary/?table={table}").status_code == status
