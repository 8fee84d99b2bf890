import { useState } from "preact/hooks";

import { VEHICLE_STATES, type Vehicle } from "../api/shapes";
import { useSpeech, type Say } from "../i18n";
import { Plate } from "../plates/Plate";
import { hourMinute } from "../time/almaty";
import { classWord, stateWord } from "./words";

interface Props {
  vehicles: readonly Vehicle[];
  counts: Readonly<Partial<Record<string, number>>>;
}

const ALL = "all";

/** Vehicles by where they are now, with a search by plate or number. */
export function Vehicles({ vehicles, counts }: Props) {
  const { say } = useSpeech();
  const [state, setState] = useState<string>(ALL);
  const [asked, setAsked] = useState("");
  const shown = vehicles.filter((vehicle) => (state === ALL || vehicle.state === state) && matches(vehicle, asked));
  const total = (name: string) => counts[name] ?? vehicles.filter((vehicle) => vehicle.state === name).length;
  return (
    <section class="panel vehicles" aria-labelledby="vehicles-title">
      <h2 id="vehicles-title">{say("officer.vehicles")}</h2>
      <div class="states" role="group" aria-labelledby="vehicles-title">
        {[ALL, ...VEHICLE_STATES].map((name) => (
          <button key={name} type="button" class={`state state-${name}`} aria-pressed={name === state} onClick={() => setState(name)}>
            {name !== ALL && <b>{total(name)}</b>}
            <span>{name === ALL ? say("officer.vehicles.all") : stateWord(name, say)}</span>
          </button>
        ))}
      </div>
      <label class="field find">
        <span class="visually-hidden">{say("officer.vehicles.find")}</span>
        <input
          class="input"
          type="search"
          placeholder={say("officer.vehicles.find")}
          value={asked}
          onInput={(event) => setAsked(event.currentTarget.value)}
        />
      </label>
      {shown.length === 0 ? <p class="quietly">{say("officer.vehicles.none")}</p> : <Table vehicles={shown} />}
    </section>
  );
}

function Table({ vehicles }: { vehicles: readonly Vehicle[] }) {
  const { say } = useSpeech();
  return (
    <div class="table-room">
      <table>
        <thead>
          <tr>
            {(["plate", "state", "slot", "when"] as const).map((name) => (
              <th key={name} scope="col">
                {say(`column.${name}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {vehicles.map((vehicle) => (
            <tr key={vehicle.booking}>
              <th scope="row">
                <Plate plate={vehicle.plate} country={vehicle.country} />
                <small class="under-plate">
                  {vehicle.number}
                  {vehicle.class !== "general" && <b>{classWord(vehicle.class, say)}</b>}
                </small>
              </th>
              <td>
                <span class={`dot state-${vehicle.state}`}>{stateWord(vehicle.state, say)}</span>
              </td>
              <td class="figures">
                {hourMinute(vehicle.slot_start)}–{hourMinute(vehicle.slot_end)}
              </td>
              <td>{whenOf(vehicle, say)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** The one moment that matters most in the vehicle's state. */
export function whenOf(vehicle: Vehicle, say: Say): string {
  if (vehicle.state === "waiting_area" && vehicle.leave_by) return say("when.leave_by", { time: hourMinute(vehicle.leave_by) });
  if (vehicle.state === "at_gate" && vehicle.left_area_at) return say("when.left_area", { time: hourMinute(vehicle.left_area_at) });
  if (vehicle.state === "waiting_area" && vehicle.arrived_at) return say("when.arrived", { time: hourMinute(vehicle.arrived_at) });
  if (vehicle.state === "expected" && vehicle.expected_at) return say("when.expected", { time: hourMinute(vehicle.expected_at) });
  if (vehicle.called_at) return say("when.called", { time: hourMinute(vehicle.called_at) });
  return "";
}

export function matches(vehicle: Vehicle, asked: string): boolean {
  const wanted = asked.toUpperCase().replaceAll(/[\s-]/g, "");
  const known = `${vehicle.plate} ${(vehicle.number ?? "").replaceAll("-", "")}`.toUpperCase();
  return known.includes(wanted);
}
