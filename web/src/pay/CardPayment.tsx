import { useEffect, useRef, useState } from "preact/hooks";

import { ask } from "../api/http";
import { useSpeech } from "../i18n";
import { Trouble } from "../shell/Trouble";
import { useAttempt } from "../shell/useAttempt";
import { spell, type Money } from "./amount";
import { openForm, type ElementOf, type OpenForm } from "./element";

interface Opened {
  status: string;
  client_secret: string;
  amount: Money;
  element?: ElementOf;
}

/** What a card has paid already, though the queue has not heard of it yet. */
const PAID = new Set(["succeeded", "processing"]);

type Stage = "ready" | "form" | "sending" | "sent";

/** The card, as the provider asks for it: opened by the payer's own step, confirmed by another; our pages never see its number. */
export function CardPayment({ token }: { token: string }) {
  const { language, say } = useSpeech();
  const { busy, problem, attempt } = useAttempt();
  const [stage, setStage] = useState<Stage>("ready");
  const [amount, setAmount] = useState<Money>();
  const [refusal, setRefusal] = useState<string>();
  const place = useRef<HTMLDivElement>(null);
  const form = useRef<OpenForm | undefined>(undefined);
  useEffect(() => () => form.current?.close(), []);

  async function open(): Promise<void> {
    setRefusal(undefined);
    const { body } = await ask<Opened>(`/v1/pay/${token}/payment`, { method: "POST", language });
    if (body && PAID.has(body.status)) return setStage("sent");
    if (!body?.element || !place.current) return setRefusal(say("pay.no_form"));
    try {
      form.current = await openForm(place.current, body.element, body.client_secret, language);
    } catch {
      return setRefusal(say("pay.no_form"));
    }
    setAmount(body.amount);
    setStage("form");
  }

  async function confirm(event: Event): Promise<void> {
    event.preventDefault();
    setRefusal(undefined);
    setStage("sending");
    try {
      const { error } = (await form.current?.confirm()) ?? {};
      if (error) setRefusal(error.message ?? say("pay.refused"));
      setStage(error ? "form" : "sent");
    } catch {
      setRefusal(say("pay.unclear"));
      setStage("form");
    }
  }

  if (stage === "sent") return <p class="notice" role="status">{say("pay.sent")}</p>;
  return (
    <form class="pay-card" onSubmit={confirm}>
      <div ref={place} class="pay-form" />
      {refusal && <p class="notice bad" role="alert">{refusal}</p>}
      <Trouble problem={problem} />
      {amount ? (
        <button type="submit" class="button primary" disabled={stage === "sending"}>
          {stage === "sending" ? say("pay.sending") : say("pay.confirm", { amount: spell(amount) })}
        </button>
      ) : (
        <button type="button" class="button primary" disabled={busy} onClick={() => attempt(open)}>
          {busy ? say("pay.opening") : say("pay.start")}
        </button>
      )}
      <p class="pay-safe">{say("pay.safe")}</p>
    </form>
  );
}
