"""
The API as Chalice packages it: one application, its middleware, its routes; nothing else.
"""

from chalice.app import Chalice

from chalicelib.api.middleware import BINARY_TYPES, CORS, as_problems
from chalicelib.api.routes import blueprint_of_all

app = Chalice(app_name="queue-api", configure_logs=False, env={})
app.api.binary_types = list(BINARY_TYPES)
app.api.cors = CORS
app.register_middleware(as_problems, "http")
app.register_blueprint(blueprint_of_all())
