"""
The API as Chalice packages it: one application, its middleware, its blueprints; nothing else.
"""

from chalice.app import Chalice

from chalicelib.api.blueprints import BLUEPRINTS
from chalicelib.api.middleware import BINARY_TYPES, CORS, as_problems

app = Chalice(app_name="queue-api", configure_logs=False, env={})
app.api.binary_types = list(BINARY_TYPES)
app.api.cors = CORS
app.register_middleware(as_problems, "http")
for blueprint in BLUEPRINTS:
    app.register_blueprint(blueprint)
