import "./driver.css";

import { useRef } from "preact/hooks";

import { ask } from "../api/http";
import { silence, usePolled } from "../api/usePolled";
import { useSpeech, type Say } from "../i18n";
import { isKey } from "../i18n/messages";
import { Plate } from "../plates/Plate";
import { LanguageSwitch } from "../shell/LanguageSwitch";
import { Lost } from "../shell/Lost";
import { Trouble } from "../shell/Trouble";
import { useTitle } from "../shell/useTitle";
import { hourMinute, longDate } from "../time/almaty";
import { BusinessClock } from "../time/clock";
import { useTick } from "../time/useTick";
import { nextOf, spanOf, type Followed } from "./countdown";

const EVERY_MS = 10_000;

/** One booking as its driver follows it by a link: what is now, when to be where, and the pass. */
export function DriverPage({ token }: { token: string }) {
  const { language, say } = useSpeech();
  const clock = useRef(new BusinessClock()).current;
  const polled = usePolled<Followed>(token, {
    ask: (etag, signal) => ask<Followed>(`/v1/driver/${token}`, { etag, signal, language }),
    accept: (answer) => {
      clock.learn(answer.date);
      clock.learn(answer.body?.at);
      return true;
    },
    everyMs: EVERY_MS,
  });
  useTick(1000);
  useTitle(say("driver.title"));
  if (polled.problem?.status === 404) return <Lost text={say("driver.gone")} />;
  const seen = polled.data;
  const old = silence(polled.heardAt) > 3 * EVERY_MS;
  return (
    <main id="content" class="driver" aria-busy={!seen}>
      <header class="driver-head">
        <h1>{seen?.checkpoint.names[language] ?? say("driver.title")}</h1>
        <LanguageSwitch />
      </header>
      {old && <p class="notice warn">{say("board.stale", { time: hourMinute(clock.now() - silence(polled.heardAt)) })}</p>}
      {!seen && <Trouble problem={polled.problem} />}
      {seen && (
        <>
          <section class={`driver-now driver-${seen.suspended ? "suspended" : seen.status}`} role="status">
            <p class="driver-status">{statusText(seen, say)}</p>
            <Countdown seen={seen} now={clock.now()} />
          </section>
          <p class="driver-plate">
            <Plate plate={seen.vehicle.plate} country={seen.vehicle.country} />
          </p>
          <Figures seen={seen} />
          {seen.has_pass && <Pass token={token} number={seen.number} />}
        </>
      )}
    </main>
  );
}

function statusText(booking: Followed, say: Say): string {
  const key = `driver.status.${booking.suspended ? "suspended" : booking.status}`;
  return isKey(key) ? say(key) : booking.status;
}

function Countdown({ seen, now }: { seen: Followed; now: number }) {
  const { language, say } = useSpeech();
  const next = nextOf(seen);
  if (!next) return null;
  const left = spanOf(Date.parse(next.at) - now);
  return (
    <>
      <p class="driver-next">{say(`driver.next.${next.what}`)}</p>
      <p class="driver-time">{hourMinute(next.at)}</p>
      <p class="driver-left">
        {longDate(Date.parse(next.at), language)} · {left.past ? say("driver.now") : say("driver.left", { hours: left.hours, minutes: left.minutes })}
      </p>
    </>
  );
}

function Figures({ seen }: { seen: Followed }) {
  const { say } = useSpeech();
  const rows = [
    ["driver.number", seen.number],
    ["driver.slot", seen.slot && `${hourMinute(seen.slot.start)}–${hourMinute(seen.slot.end)}`],
    ["driver.position", seen.queue_position],
    ["driver.trailer", seen.vehicle.trailer],
  ] as const;
  return (
    <dl class="driver-figures">
      {rows.map(([key, value]) =>
        value === undefined || value === null ? null : (
          <div key={key}>
            <dt>{say(key)}</dt>
            <dd>{value}</dd>
          </div>
        ),
      )}
    </dl>
  );
}

/** The code that gate and console read (D25); drawn by the server. Another number has another code. */
function Pass({ token, number }: { token: string; number: string | undefined }) {
  const { say } = useSpeech();
  return (
    <figure class="driver-pass">
      <img key={number} src={`/v1/driver/${token}/pass`} alt={say("driver.pass")} />
      <figcaption>{say("driver.pass")}</figcaption>
    </figure>
  );
}
