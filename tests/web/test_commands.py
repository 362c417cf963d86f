"""Every command of ours says what it does and how it is called."""

import shlex

import pytest
from django.core.management import get_commands, load_command_class

OURS = sorted(name for name, app in get_commands().items() if app in ("gis", "web", "layers", "fixtures"))


def test_there_are_commands():
    assert {"import_residents", "doctor", "backup", "dictionary"} <= set(OURS)


@pytest.mark.parametrize("name", OURS)
def test_its_help_holds_an_example_that_it_understands(name):
    command = load_command_class(get_commands()[name], name)
    said, _break, example = command.help.partition("\nExample: python3 manage.py ")
    assert said.endswith(".")
    first, *rest = shlex.split(example)
    assert first == name
    command.create_parser("manage.py", name).parse_args(rest)
    assert "Example:" in command.create_parser("manage.py", name).format_help()
