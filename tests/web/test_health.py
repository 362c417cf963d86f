"""`/healthz`: up while the database answers, and never a word more."""

import pytest
from django.db import OperationalError, connection


def test_it_is_up_while_the_database_answers(client, db):
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "up"})


def test_it_is_down_when_the_database_is(client, db):
    def refuse(execute, sql, params, many, context):
        raise OperationalError("no")

    with connection.execute_wrapper(_only("SELECT 1", refuse)):
        answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (503, {"status": "down", "database": "down"})


def _only(statement: str, instead):
    def wrapper(execute, sql, params, many, context):
        chosen = instead if sql == statement else (lambda run, *rest: run(*rest[:3], rest[3]))
        return chosen(execute, sql, params, many, context)

    return wrapper


@pytest.mark.parametrize("name", ["li", "chen", "admin"])
def test_it_says_the_same_to_everyone(name, client_of):
    assert client_of(name).get("/healthz").content == b'{"status": "up"}'


def test_it_asks_nothing_of_a_session(client_of, django_assert_num_queries):
    browser = client_of("li")
    with django_assert_num_queries(3):  # the two of the client that becomes the server, and its own
        browser.get("/healthz")


def test_the_real_server_answers_it(server):
    from urllib.request import urlopen

    with urlopen(server + "/healthz") as answer:  # noqa: S310 - our own address
        assert answer.status == 200
        assert answer.read() == b'{"status": "up"}'
