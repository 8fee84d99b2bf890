"""
Reads every picture as the same plate, opens for it, tells the cloud what it was commanded, and holds as many entries as a file says.
"""

import json
import time
from datetime import UTC, datetime
from pathlib import Path

from awsiot.greengrasscoreipc.clientv2 import GreengrassCoreIPCClientV2
from awsiot.greengrasscoreipc.model import QOS, BinaryMessage, JsonMessage, PublishMessage

client = GreengrassCoreIPCClientV2()
configuration = client.get_configuration(key_path=[]).value
thing, data = configuration["thing"], Path(configuration["data_dir"])
lane = "entry-1"


def decide(event):
    report = event.json_message.message
    decision = {"action": "open", "reason": "MATCH", "booking": "b-1", "booking_number": "NZH-261203-14-07", "by": "gateway"}
    word = {**{key: report[key] for key in ("frame", "lane", "at", "readings")}, "decision": decision}
    client.publish_to_topic_async(topic=f"gate/{lane}/decision", publish_message=PublishMessage(json_message=JsonMessage(message=word)))


def obey(event):
    client.publish_to_iot_core_async(topic_name=f"queue/{thing}/heartbeat", qos=QOS.AT_LEAST_ONCE, payload=event.message.payload)


def drain(event):
    file = data / "pending"
    pending = int(file.read_text()) if file.exists() else 0
    file.write_text(str(max(0, pending - 1)))
    answer = json.dumps({"id": event.json_message.message["id"], "pending": pending}).encode()
    client.publish_to_topic_async(topic="gate/drain/report", publish_message=PublishMessage(binary_message=BinaryMessage(message=answer)))


subscriptions = [
    client.subscribe_to_topic(topic=f"reader/{lane}/report", on_stream_event=decide),
    client.subscribe_to_topic(topic="gate/drain/request", on_stream_event=drain),
    client.subscribe_to_iot_core(topic_name=f"queue/{thing}/commands", qos=QOS.AT_LEAST_ONCE, on_stream_event=obey),
]
client.update_state(state="RUNNING")
while True:
    for picture in Path(configuration["spool_dir"], lane).glob("*.jpg"):
        reading = {"text": "777ABC02", "country": "KZ", "confidence": len(picture.read_bytes()) / 100}
        report = {"frame": picture.stem, "lane": lane, "at": datetime.now(UTC).isoformat(), "readings": [reading]}
        client.publish_to_topic(topic=f"reader/{lane}/report", publish_message=PublishMessage(json_message=JsonMessage(message=report)))
        picture.unlink()
    time.sleep(0.02)
