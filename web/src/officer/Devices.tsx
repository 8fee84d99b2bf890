import type { Device, Lane } from "../api/shapes";
import { laneName } from "../board/lane";
import { useSpeech } from "../i18n";
import { hourMinute } from "../time/almaty";
import { barrierWord, deviceWord } from "./words";

/** Cameras, barriers and boards and whether they answer, those out of order first. */
export function Devices({ devices, lanes }: { devices: readonly Device[]; lanes: readonly Lane[] }) {
  const { say } = useSpeech();
  const ok = devices.filter((device) => device.ok).length;
  const sorted = [...devices].sort((one, other) => Number(one.ok) - Number(other.ok));
  return (
    <section class="panel devices" aria-labelledby="devices-title">
      <h2 id="devices-title">
        {say("officer.devices")} <small>{devices.length > 0 && say("officer.devices.ok", { ok, all: devices.length })}</small>
      </h2>
      {devices.length === 0 && <p class="quietly">{say("officer.devices.none")}</p>}
      <ul class="device-list">
        {sorted.map((device) => (
          <li key={device.device} class={device.ok ? "device" : "device failed"}>
            <b>{deviceWord(device.kind, say)}</b>
            <span>{device.lane && laneName(device.lane, say, lanes.find((lane) => lane.id === device.lane)?.kind)}</span>
            <span class="device-state">{say(device.ok ? "device.ok" : "device.failed")}</span>
            <small>
              {device.state && device.kind === "barrier" ? barrierWord(device.state, say) : ""}{" "}
              {device.since && say("officer.devices.since", { time: hourMinute(device.since) })}
            </small>
          </li>
        ))}
      </ul>
    </section>
  );
}
