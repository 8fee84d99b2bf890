import importlib

from chalicelib.api import routes
from chalicelib.api.operation import OPERATIONS


class TestRoutes:
    def test_table_names_just_what_each_noun_declares(self):
        """
        A declaration without a line would have no route, a line without a declaration no handler, one in another noun no module.
        """
        routes.load_all()
        declared = {(made.handler.__module__, method, path) for (method, path), made in OPERATIONS.items()}
        listed = [(module, method, path) for module, known in routes.routes().items() for method, path in known]
        assert declared == set(listed)
        assert len(listed) == len(set(listed))

    def test_every_noun_can_be_loaded_alone(self):
        """
        Whichever request comes first.
        """
        assert all(importlib.import_module(module).__name__ == module for module in routes.routes())
