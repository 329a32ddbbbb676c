"""Large answers travel compressed, and only to those who can read them."""

from __future__ import annotations

import gzip
import json

import pytest
from flask import Flask, Response, jsonify
from flask.testing import FlaskClient

from dashboard import compression

NUMBERS = list(range(20_000))


@pytest.fixture
def client() -> FlaskClient:
    server = Flask("answers")
    compression.register(server)
    answers = {
        "/large": lambda: jsonify(NUMBERS),
        "/small": lambda: jsonify([1]),
        "/file": lambda: Response(b"0" * 100_000, mimetype="application/zip"),
    }
    for path, answer in answers.items():
        server.add_url_rule(path, path, answer)
    return server.test_client()


@pytest.mark.parametrize(
    ("accepted", "chosen"), [("gzip, deflate, br, zstd", "zstd"), ("gzip, br", "br")]
)
def test_the_quickest_way_that_a_browser_knows(
    client: FlaskClient, accepted: str, chosen: str
) -> None:
    answer = client.get("/large", headers={"Accept-Encoding": accepted})
    assert answer.headers["Content-Encoding"] == chosen


def test_a_large_answer_is_compressed_for_a_browser_that_accepts_it(client: FlaskClient) -> None:
    answer = client.get("/large", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert int(answer.headers["Content-Length"]) == len(answer.data) < len(json.dumps(NUMBERS)) / 2
    assert json.loads(gzip.decompress(answer.data)) == NUMBERS


@pytest.mark.parametrize(
    ("path", "accepted"), [("/large", ""), ("/small", "gzip"), ("/file", "gzip")]
)
def test_everything_else_is_left_as_it_is(client: FlaskClient, path: str, accepted: str) -> None:
    answer = client.get(path, headers={"Accept-Encoding": accepted})
    assert "Content-Encoding" not in answer.headers
