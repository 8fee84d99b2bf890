from iot.kit.lanes import parse_lanes
from iot.kit.subscriptions import subscribe_to_cloud
from tests.iot.kit.fake_link import FakeLink


class TestSubscribeToCloud:
    def test_goes_on_trying_what_was_refused(self):
        """
        Cut off at its start, a component works at once and listens later.
        """
        link, heard, order = FakeLink(), [], []
        link.cut = True

        def pause(_seconds):
            order.append("pause")
            link.cut = False

        handlers = {"a/b": lambda topic, payload: heard.append((topic, payload))}
        subscribe_to_cloud(link=link, handlers=handlers, then=lambda: order.append("then"), pause=pause)
        link.deliver("a/b", {})
        assert (["then", "pause"], [("a/b", b"{}")]) == (order, heard)


class TestParseLanes:
    def test_reads_a_list_and_an_object_alike(self):
        """
        Hosts write lists; deployments may merge objects.
        """
        listed = parse_lanes([{"id": "entry-1", "kind": "entry"}, {"id": "wa-in", "kind": "waiting_area_entry"}])
        assert listed == parse_lanes({"entry-1": "entry", "wa-in": "waiting_area_entry"})
        assert ["entry-1", "wa-in"] == list(listed)
