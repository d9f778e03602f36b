"""No test leaves the machine, and the guard that sees to it works."""

import socket

import pytest


def test_the_guard_stops_a_connection_that_leaves() -> None:
    with socket.socket() as leaving, pytest.raises(pytest.fail.Exception, match="network"):
        leaving.connect(("192.0.2.1", 80))


def test_the_guard_lets_the_machine_talk_to_itself() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket() as here:
        here.connect(server.getsockname())
        assert here.getpeername() == server.getsockname()
