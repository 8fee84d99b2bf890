"""
Where one machine keeps everything: ports chosen once, found again, and given up only to somebody else.
"""

import json
import socket

import pytest

from local.supervisor.layout import NAMES, Layout, PortTakenError, free_port, is_free, listen, write_json


class TestLayout:
    def test_keeps_its_ports_over_restarts(self, tmp_path):
        """
        The second look gives every port, the API's address and the first day as the first one did.
        """
        first = Layout.find(state=tmp_path, port=free_port())

        assert first == Layout.find(state=tmp_path, port=None)
        assert first == Layout.read(state=tmp_path)
        assert set(NAMES) == set(first.ports)
        assert len(set(first.ports.values())) == len(NAMES)

    def test_gives_up_a_port_that_somebody_else_took(self, tmp_path):
        """
        One port is taken meanwhile: that one changes, the others stay.
        """
        first = Layout.find(state=tmp_path, port=free_port())
        with socket.create_server(("127.0.0.1", first.ports["payments"])):
            second = Layout.find(state=tmp_path, port=None)

        assert second.ports["payments"] != first.ports["payments"]
        assert {name: port for name, port in second.ports.items() if name != "payments"} == {
            name: port for name, port in first.ports.items() if name != "payments"
        }

    def test_takes_the_port_that_is_asked_for(self, tmp_path):
        """
        `PORT=` wins over what was chosen before, and is remembered.
        """
        Layout.find(state=tmp_path, port=8123)

        assert Layout.find(state=tmp_path, port=8124).front.endswith(":8124")
        assert Layout.find(state=tmp_path, port=None).front.endswith(":8124")

    def test_knows_no_layout_where_none_was_made(self, tmp_path):
        """
        Reading lays nothing out.
        """
        assert Layout.read(state=tmp_path) is None
        assert [] == list(tmp_path.iterdir())


class TestListen:
    def test_names_the_port_that_is_taken_and_the_way_out(self):
        """
        Somebody listens there: the error says which port and how to choose another.
        """
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            assert not is_free(port)
            with pytest.raises(PortTakenError, match=rf"port {port} is taken.*PORT="):
                listen(port)


class TestWriteJson:
    def test_leaves_no_half_file(self, tmp_path):
        """
        The file is there whole, with nothing beside it; a document that cannot be written leaves the old one.
        """
        path = tmp_path / "deep" / "file.json"
        write_json(path, {"name": "Нұр Жолы"})
        with pytest.raises(TypeError):
            write_json(path, {"name": object()})

        assert {"name": "Нұр Жолы"} == json.loads(path.read_text(encoding="utf-8"))
        assert [path] == list(path.parent.iterdir())
