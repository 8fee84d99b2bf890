import { useRef, useState } from "preact/hooks";

import { getLive } from "../api/officer";
import type { Session } from "../api/session";
import type { Lane, LiveView } from "../api/shapes";
import { isStale, silence, usePolled } from "../api/usePolled";
import { useSpeech } from "../i18n";
import { Trouble } from "../shell/Trouble";
import { hourMinuteSecond } from "../time/almaty";
import { BusinessClock } from "../time/clock";
import { useTick } from "../time/useTick";
import { BarrierDialog, type Wish } from "./BarrierDialog";
import { Devices } from "./Devices";
import { Lanes } from "./Lanes";
import { Readings } from "./Readings";
import { Vehicles } from "./Vehicles";

interface Props {
  checkpoint: string;
  lanes: readonly Lane[];
  session: Session;
}

/** Everything an officer on duty looks at, asked for every two seconds; marked plainly when it is out of date. */
export function LiveBoard({ checkpoint, lanes, session }: Props) {
  const { language, say } = useSpeech();
  const clock = useRef(new BusinessClock()).current;
  const [wish, setWish] = useState<Wish | undefined>(undefined);
  const [sent, setSent] = useState<string | undefined>(undefined);
  const { data, heardAt, problem } = usePolled<LiveView>(checkpoint, {
    ask: (etag, signal) => getLive(session, { checkpoint, language, etag, signal }),
    accept: (answer) => {
      clock.learn(answer.date);
      clock.learn(answer.body?.at);
      return true;
    },
  });
  useTick(1000);
  const stale = isStale(heardAt);
  return (
    <main id="content" class="live" aria-busy={data === undefined}>
      <LiveHead view={data} now={clock.now()} staleSince={stale ? clock.now() - silence(heardAt) : undefined} />
      {problem && (problem.status !== 0 || data === undefined) && <Trouble problem={problem} />}
      {!data && !problem && <p>{say("app.loading")}</p>}
      {data && (
        <div class={stale ? "live-grid is-stale" : "live-grid"}>
          <Lanes lanes={lanes} view={data} order={setWish} />
          <Readings readings={data.readings ?? []} lanes={lanes} />
          <Vehicles vehicles={data.vehicles ?? []} counts={data.counts ?? {}} />
          <Devices devices={data.devices ?? []} lanes={lanes} />
        </div>
      )}
      <p class={sent ? "toast" : "visually-hidden"} role="status">
        {sent}
      </p>
      {wish && data && (
        <BarrierDialog
          checkpoint={checkpoint}
          session={session}
          wish={wish}
          vehicles={data.vehicles ?? []}
          close={(done) => {
            setWish(undefined);
            if (!done) return;
            setSent(say("command.sent", { lane: wish.name }));
            setTimeout(() => setSent(undefined), 6000);
          }}
        />
      )}
    </main>
  );
}

interface HeadProps {
  view: LiveView | undefined;
  now: number;
  /** When the server was last heard, if that is too long ago. */
  staleSince: number | undefined;
}

function LiveHead({ view, now, staleSince }: HeadProps) {
  const { say } = useSpeech();
  const gateway = view?.gateway;
  const seen = { time: hourMinuteSecond(gateway?.last_seen), upto: hourMinuteSecond(gateway?.reported_up_to) };
  return (
    <div class="live-head">
      <time class="live-clock">{hourMinuteSecond(now)}</time>
      {gateway && (
        <p class={gateway.connected ? "tag good" : "tag bad"}>
          <b>{say(gateway.connected ? "officer.gateway.on" : "officer.gateway.off")}</b>
          <span>{say("officer.gateway.seen", seen)}</span>
        </p>
      )}
      <div role="alert">{staleSince !== undefined && <p class="notice bad">{say("officer.stale", { time: hourMinuteSecond(staleSince) })}</p>}</div>
    </div>
  );
}
