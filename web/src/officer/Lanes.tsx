import type { Device, Lane, LiveView, PlateRead } from "../api/shapes";
import { laneName } from "../board/lane";
import { useSpeech } from "../i18n";
import { Plate } from "../plates/Plate";
import { hourMinuteSecond } from "../time/almaty";
import type { Wish } from "./BarrierDialog";
import { actionWord, barrierWord, reasonWord } from "./words";

interface Props {
  lanes: readonly Lane[];
  view: LiveView;
  order: (wish: Wish) => void;
}

/** Each lane with its barrier and the last plate seen there. */
export function Lanes({ lanes, view, order }: Props) {
  const { say } = useSpeech();
  return (
    <section class="panel lanes" aria-labelledby="lanes-title">
      <h2 id="lanes-title">{say("officer.lanes")}</h2>
      <ul class="lane-list">
        {lanes.map((lane) => (
          <LaneCard
            key={lane.id}
            lane={lane}
            barrier={view.devices?.find((device) => device.kind === "barrier" && device.lane === lane.id)}
            last={view.readings?.find((reading) => reading.lane === lane.id)}
            order={order}
          />
        ))}
      </ul>
    </section>
  );
}

interface CardProps {
  lane: Lane;
  barrier: Device | undefined;
  last: PlateRead | undefined;
  order: (wish: Wish) => void;
}

function LaneCard({ lane, barrier, last, order }: CardProps) {
  const { say } = useSpeech();
  const name = laneName(lane.id, say, lane.kind);
  const barred = barrier !== undefined || lane.kind === "entry" || lane.kind === "exit";
  const refused = last?.action === "stay";
  return (
    <li class={refused ? "lane refused" : "lane"}>
      <div class="lane-head">
        <h3>{name}</h3>
        {barred && <BarrierState barrier={barrier} />}
      </div>
      {last && (
        <div class="lane-last">
          {last.plate ? <Plate plate={last.plate} country={last.country ?? ""} /> : <span class="no-plate">{say("officer.no_plate")}</span>}
          <p>
            <b class={`verdict ${last.action}`}>{actionWord(last.action, say)}</b> <time>{hourMinuteSecond(last.at)}</time>
          </p>
          {refused && <p class="lane-why">{reasonWord(last.reason, say)}</p>}
        </div>
      )}
      {barred && (
        <div class="buttons">
          {(["open", "close"] as const).map((command) => (
            <button
              key={command}
              type="button"
              class={command === "open" ? "button primary" : "button"}
              aria-label={say(`command.${command}.title`, { lane: name })}
              onClick={() => order({ command, lane: lane.id, name, seen: last?.plate ?? undefined })}
            >
              {say(`command.${command}`)}
            </button>
          ))}
        </div>
      )}
    </li>
  );
}

function BarrierState({ barrier }: { barrier: Device | undefined }) {
  const { say } = useSpeech();
  const state = barrier?.state ?? "unknown";
  return (
    <p class={`barrier barrier-${state}`}>
      <svg viewBox="0 0 40 28" aria-hidden="true" focusable="false">
        <path class="post" d="M8 26V14" />
        <path class="boom" d="M8 14H37" />
        <circle cx="8" cy="14" r="4" />
      </svg>
      <span>
        {say("barrier.label")}: <b>{barrierWord(barrier?.state, say)}</b>
      </span>
    </p>
  );
}
