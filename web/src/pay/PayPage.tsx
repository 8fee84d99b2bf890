import "./pay.css";

import { useRef } from "preact/hooks";

import { ask } from "../api/http";
import { silence, usePolled } from "../api/usePolled";
import { useSpeech } from "../i18n";
import { Plate } from "../plates/Plate";
import { LanguageSwitch } from "../shell/LanguageSwitch";
import { Lost } from "../shell/Lost";
import { Trouble } from "../shell/Trouble";
import { useTitle } from "../shell/useTitle";
import { hourMinute } from "../time/almaty";
import { BusinessClock } from "../time/clock";
import { useTick } from "../time/useTick";
import { spell, type Money } from "./amount";
import { CardPayment } from "./CardPayment";

/** What another person pays by a link; amount and deadline are there while there is something to pay. */
interface Payable {
  state: "waiting" | "paid" | "late" | "lapsed" | "closed";
  vehicle: { country: string; plate: string };
  amount?: Money;
  pay_until?: string;
  at: string;
}

const EVERY_MS = 4_000;

/** Another person pays for a held place: the sum, the plate, until when; then the card. */
export function PayPage({ token }: { token: string }) {
  const { language, say } = useSpeech();
  const clock = useRef(new BusinessClock()).current;
  const polled = usePolled<Payable>(token, {
    ask: (etag, signal) => ask<Payable>(`/v1/pay/${token}`, { etag, signal, language }),
    accept: (answer) => {
      clock.learn(answer.date);
      clock.learn(answer.body?.at);
      return true;
    },
    everyMs: EVERY_MS,
  });
  useTick(1000);
  useTitle(say("pay.title"));
  if (polled.problem?.status === 404) return <Lost text={say("pay.gone")} />;
  const seen = polled.data;
  const old = silence(polled.heardAt) > 4 * EVERY_MS;
  return (
    <main id="content" class="pay" aria-busy={!seen}>
      <header class="pay-head">
        <h1>{say("pay.title")}</h1>
        <LanguageSwitch />
      </header>
      {old && <p class="notice warn">{say("error.offline")}</p>}
      {!seen && <Trouble problem={polled.problem} />}
      {seen && (
        <>
          <p class="pay-what">{say("pay.what")}</p>
          <p class="pay-plate">
            <Plate plate={seen.vehicle.plate} country={seen.vehicle.country} />
          </p>
          {seen.state === "waiting" ? <Waiting token={token} seen={seen} now={clock.now()} /> : <Over state={seen.state} />}
        </>
      )}
    </main>
  );
}

function Waiting({ token, seen, now }: { token: string; seen: Payable; now: number }) {
  const { say } = useSpeech();
  const minutes = Math.max(0, Math.ceil((Date.parse(seen.pay_until ?? "") - now) / 60_000));
  return (
    <>
      <section class="pay-now">
        {seen.amount && <p class="pay-amount">{spell(seen.amount)}</p>}
        <p class="pay-until">{say("pay.until", { time: hourMinute(seen.pay_until) })}</p>
        <p class="pay-until">{say("pay.left", { minutes })}</p>
      </section>
      <CardPayment token={token} />
    </>
  );
}

function Over({ state }: { state: Exclude<Payable["state"], "waiting"> }) {
  const { say } = useSpeech();
  return (
    <section class={`pay-now pay-${state}`} role="status">
      <p class="pay-said">{say(`pay.${state}`)}</p>
      <p>{say(`pay.${state}.text`)}</p>
    </section>
  );
}
