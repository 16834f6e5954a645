"""The recipe for Docker Compose in docs/testing.md, without Docker.

Its commands run as they are, as processes with the variables of their service. An address of this machine that is not a
loopback address stands in for the name of the sandbox's service, and a free port for the one of the recipe.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from ..servers import PATIENCE, own_address, unused_port
from .conftest import environment
from .test_serve import running

DOCUMENT = Path(__file__).parents[2] / "docs" / "testing.md"


class Service:
    """A service of the recipe. Its commands are lists in the form of JSON, and its variables are in quotes."""

    def __init__(self, text):
        self.text = text
        self.variables = dict(re.findall(r'^      ([A-Z0-9_]+): "(.*)"$', text, re.MULTILINE))

    def words(self, key):
        return json.loads(re.search(rf"^ +{key}: (\[.*\])$", self.text, re.MULTILINE)[1])


@pytest.fixture(scope="module")
def recipe():
    (block,) = re.findall(r"^```yaml\n(.*?)^```$", DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    parts = re.split(r"^  (\w+):\n", block.replace("8025", str(unused_port())), flags=re.MULTILINE)
    assert parts[0] == "services:\n"
    return {name: Service(text) for name, text in zip(parts[1::2], parts[2::2])}


def run(words, variables):
    """Run a command of a container on this machine."""
    bin_of_python = str(Path(sys.executable).parent)
    variables = {**variables, "PATH": f"{bin_of_python}{os.pathsep}{os.environ['PATH']}"}
    return subprocess.run(words, env=environment(**variables), capture_output=True, encoding="utf-8", timeout=PATIENCE)


def test_the_recipe_works(recipe):
    sandbox, shop = recipe["mailkit"], recipe["shop"]
    program, command, *arguments = sandbox.words("command")
    assert (program, command) == ("mailkit-xmlrpc", "sandbox")
    kind, *check = sandbox.words("test")
    assert kind == "CMD"
    call = {**shop.variables, "MAILKIT_URL": shop.variables["MAILKIT_URL"].replace("mailkit:", f"{own_address()}:")}
    assert run(check, sandbox.variables).returncode != 0, "the sandbox is healthy before it runs"
    with running(*arguments, **sandbox.variables) as server:
        assert {**shop.variables, "MAILKIT_URL": ""} == {**server.env, "MAILKIT_URL": ""}
        assert run(check, sandbox.variables).returncode == 0
        called = run(shop.words("command"), call)
        assert (called.returncode, called.stderr) == (0, "")
        assert called.stdout.startswith("Result(ok=True, ")
        trigger = ["mailkit-xmlrpc", "trigger", "jane@example.com", "order_paid"]
        assert run(trigger, call).returncode == 2, "plain http must be allowed"
        assert run([*trigger, "--allow-http"], call).returncode == 0
        stranger = {**call, "MAILKIT_URL": call["MAILKIT_URL"].replace("only-", "lonely-")}
        refused = run(shop.words("command"), stranger)
        assert "does not have the token of the sandbox" in refused.stderr
        code, out, err = server.stop()
        assert (code, len(out.splitlines())) == (0, 2), "the health checks are not in the log"
        assert "DONE mailkit.journeys.trigger" in out
        assert err.startswith(f"refused a request from {own_address()}: ")


def test_the_shop_waits_for_the_sandbox_and_calls_it_by_name(recipe):
    assert re.search(r"depends_on:\n +mailkit:\n +condition: service_healthy\n", recipe["shop"].text)
    assert "healthcheck:" in recipe["mailkit"].text
    token = recipe["mailkit"].variables["MAILKIT_SANDBOX_TOKEN"]
    (port,) = re.findall(r'"--port", "(\d+)"', recipe["mailkit"].text)
    assert recipe["shop"].variables["MAILKIT_URL"] == f"http://mailkit:{port}/{token}/rpc.fcgi"
