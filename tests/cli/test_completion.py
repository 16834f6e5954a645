"""``completion``: the scripts for shells, in real shells, and the values that they complete."""

from __future__ import annotations

import shlex
import shutil
import subprocess
import sys
import time

import pytest

from mailkit_xmlrpc.api.catalogue import CATALOGUE

from ..servers import PATIENCE
from .conftest import environment


@pytest.fixture
def path(tmp_path, monkeypatch):
    """PATH with a `mailkit-xmlrpc` command, as pip installs it."""
    command = tmp_path / "bin" / "mailkit-xmlrpc"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m mailkit_xmlrpc "$@"\n')
    command.chmod(0o755)
    return f"{command.parent}:{environment()['PATH']}"


def needs(program):
    return pytest.mark.skipif(shutil.which(program) is None, reason=f"{program} is not installed")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_completion_script_is_printed(shell, cli):
    result = cli("completion", shell)
    assert (result.code, result.err) == (0, "")
    assert "_MAILKIT_XMLRPC_COMPLETE" in result.out
    assert "mailkit-xmlrpc" in result.out


@needs("bash")
def test_bash_completes(path):
    script = """
        source <(mailkit-xmlrpc completion bash)
        function=$(complete -p mailkit-xmlrpc | grep -o -- '-F [^ ]*')
        completed() {
            COMP_WORDS=(mailkit-xmlrpc "$@") COMP_CWORD=$# COMPREPLY=()
            ${function#-F } mailkit-xmlrpc
            echo "${COMPREPLY[*]}"
        }
        completed tr
        completed d
        completed completion ''
        completed sandbox --al
        completed call mailkit.jour
        completed methods mailkit.camp
        completed decode - --method mailkit.sendm
        completed encode mailkit.journeys.
        completed trigger a b --sandbox --fault drop
        completed sandbox --next status
    """
    result = subprocess.run(
        ["bash", "--norc", "-c", script], env=environment(PATH=path), capture_output=True, text=True, timeout=PATIENCE
    )
    assert result.stderr == ""
    campaigns = sorted(name for name in CATALOGUE if name.startswith("mailkit.camp"))
    assert result.stdout.splitlines() == [
        "trigger",
        "decode doctor",
        "bash zsh fish",
        "--allow-ip",
        "mailkit.journeys.trigger",
        " ".join(campaigns),
        "mailkit.sendmail mailkit.sendmail_mass",
        "mailkit.journeys.trigger",
        "drop_after drop_before",
        "status",
    ]


@needs("fish")
def test_fish_completes(path, tmp_path):
    script = """
        mailkit-xmlrpc completion fish | source
        complete -C "mailkit-xmlrpc tr"
        complete -C "mailkit-xmlrpc call mailkit.jour"
    """
    result = subprocess.run(
        ["fish", "--no-config", "-c", script],
        env=environment(PATH=path, HOME=str(tmp_path)),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    first, *_, last = result.stdout.splitlines()
    assert first.split()[0] == "trigger", result.stderr
    assert last == "mailkit.journeys.trigger"


STARTS = {
    "bash": ("bash --norc --noprofile", 'eval "$(mailkit-xmlrpc completion bash)"'),
    "zsh": ("zsh -f", 'autoload -Uz compinit; compinit -D; eval "$(mailkit-xmlrpc completion zsh)"'),
}


@needs("tmux")
@pytest.mark.parametrize("shell", [pytest.param(name, marks=needs(name)) for name in STARTS])
def test_the_tab_key_completes_in_a_real_shell(shell, path, tmp_path):
    start, line = STARTS[shell]
    # A separate tmux server, which exits with its last session.
    tmux = ["tmux", "-S", str(tmp_path / "socket"), "-f", "/dev/null"]
    variables = environment(PATH=path, HOME=str(tmp_path), PS1="> ", TERM="screen", TMUX=None)

    def run(*arguments):
        return subprocess.run([*tmux, *arguments], env=variables, capture_output=True, text=True, check=True).stdout

    def press_until_seen(text, *keys):
        run("send-keys", *keys)
        limit = time.monotonic() + PATIENCE
        while text not in (screen := run("capture-pane", "-p")):
            assert time.monotonic() < limit, screen
            time.sleep(0.05)

    run("new-session", "-d", "-x", "150", "-y", "20", start)
    try:
        press_until_seen("ready\n", f"{line}; echo rea'dy'", "Enter")
        press_until_seen("mailkit-xmlrpc trigger", "mailkit-xmlrpc tr", "Tab")
        press_until_seen("call mailkit.journeys.trigger", "C-u", "mailkit-xmlrpc call mailkit.jour", "Tab")
    finally:
        run("kill-server")
