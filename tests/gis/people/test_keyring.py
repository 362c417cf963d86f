"""One key or two, from the setting or from a file that changes."""

import pytest

from gis.people.keyring import BadKeys, Key, Keyring, keyring, read_ring, write_ring
from gis.people.sealing import SealBroken, blind_index, blind_indexes, index_before, is_of, open_seal, seal, sealed_by

OLD, NEW = "o" * 40, "n" * 40
NUMBER = "99010119900101777X"


def test_a_secret_alone_is_key_one_whatever_signs_it_holds():
    for secret in (OLD, "a secret, with a comma and = and more", f"x=1,{OLD}"):
        assert read_ring(f" {secret}\n") == Keyring((Key(1, secret),))


@pytest.mark.parametrize("text", [f"2={NEW},1={OLD}", f"2={NEW}\n1={OLD}\n", f"2={NEW}, 1={OLD}"])
def test_of_two_the_first_seals_and_the_older_is_the_one_before(text):
    ring = read_ring(text)
    assert ring.seals == Key(2, NEW)
    assert ring.before == Key(1, OLD)
    assert read_ring(ring.as_text()) == ring


def test_a_newer_one_that_does_not_seal_yet_comes_before_none():
    assert read_ring(f"1={OLD},2={NEW}").before is None


@pytest.mark.parametrize(
    "text", [f"1={OLD},1={NEW}", f"0={OLD}", f"256={OLD}", f"1={OLD},2={NEW},3={'x' * 40}", f"2={NEW},1=hunter2"]
)
def test_nonsense_is_refused_and_no_key_is_told(text):
    with pytest.raises(BadKeys) as refused:
        read_ring(text)
    assert not any(key in str(refused.value) for key in (OLD, NEW, "hunter2"))


def test_what_either_has_sealed_opens_and_is_found(settings):
    settings.PEOPLE_KEY = OLD
    sealed, index = seal(NUMBER), blind_index(NUMBER)
    assert index_before(NUMBER) is None
    settings.PEOPLE_KEY = f"2={NEW},1={OLD}"
    assert open_seal(sealed) == open_seal(seal(NUMBER)) == NUMBER
    assert (sealed_by(sealed), sealed_by(seal(NUMBER))) == (1, 2)
    assert blind_indexes(NUMBER) == [blind_index(NUMBER), index]
    assert index_before(NUMBER) == index != blind_index(NUMBER)
    assert is_of(index, NUMBER)
    assert not is_of(index, NUMBER[:-1] + "1")
    settings.PEOPLE_KEY = f"2={NEW}"
    assert blind_indexes(NUMBER) == [blind_index(NUMBER)]
    with pytest.raises(SealBroken):
        open_seal(sealed)


def test_a_file_is_read_again_as_soon_as_it_is_another_one(settings, tmp_path):
    settings.PEOPLE_KEY = path = tmp_path / "people_key"
    path.write_text(f"{OLD}\n")
    assert keyring().seals == Key(1, OLD)
    for ring in (Keyring((Key(1, OLD), Key(2, NEW))), Keyring((Key(2, NEW), Key(1, OLD))), Keyring((Key(2, NEW),))):
        write_ring(path, ring)
        assert keyring() == ring
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [path]
