"""
One table: what runs where, who may sign in, where the state lies, how to stop.
"""

from local.supervisor import seeds
from local.supervisor.system import FIRST_GATEWAY, System


def overview(system: System, *, seconds: float) -> str:
    """
    Draw the table.
    """
    layout = system.layout
    mqtt = system.gateways.mqtt
    rows = [
        ("API", layout.front),
        ("API documentation", f"{layout.front}/docs"),
        ("board", f"{layout.front}/board/{FIRST_GATEWAY}"),
        ("officer's live view", f"{layout.front}/officer/{FIRST_GATEWAY}"),
        ("DynamoDB endpoint", layout.url("dynamodb")),
        ("IoT Core, S3, SQS", layout.url("cloud")),
        ("MQTT broker (TLS)", f"{mqtt['host']}:{mqtt['port']}  CA {mqtt['ca']}"),
        ("payment double", layout.url("payments")),
        ("state registers", f"https://127.0.0.1:{layout.ports['registers']} (mutual TLS)"),
        ("SMS and push outbox", f"{layout.front}/local/outbox"),
        *((f"sign-in: {person.role}", f"{person.phone}  {' '.join(person.checkpoints)}".rstrip()) for person in seeds.STAFF),
        ("state, logs", f"{layout.state}, {layout.state / 'logs'}"),
        ("to stop", "Ctrl-C (make reset forgets the state)"),
    ]
    width = max(len(name) for name, _ in rows)
    lines = [f"  {name:<{width}}  {value}" for name, value in rows]
    rule = "  " + "─" * (max(len(line) for line in lines) - 2)
    return "\n".join([f"up after {seconds:.1f} s", rule, *lines, rule, "  codes come to the outbox: GET /local/outbox?to=<phone>"])
