import { useEffect, useRef, useState } from "preact/hooks";

import { freshKey, orderBarrier } from "../api/officer";
import type { Session } from "../api/session";
import { GROUNDS, type BarrierOrder, type Ground, type Vehicle } from "../api/shapes";
import { useSpeech } from "../i18n";
import { spoken } from "../plates/layout";
import { Trouble } from "../shell/Trouble";
import { useAttempt } from "../shell/useAttempt";
import { likeliest } from "./likeliest";

/** What the officer wants to do; `seen` is the plate last read in that lane. */
export interface Wish {
  command: "open" | "close";
  lane: string;
  name: string;
  seen: string | undefined;
}

interface Props {
  checkpoint: string;
  session: Session;
  wish: Wish;
  vehicles: readonly Vehicle[];
  close: (done: boolean) => void;
}

interface Draft {
  ground: Ground;
  booking: string;
  reason: string;
}

const DONE = "done";

/** A barrier command in two steps: ground and reason (D26), then a plain question before it is given. */
export function BarrierDialog({ checkpoint, session, wish, vehicles, close }: Props) {
  const { language, say } = useSpeech();
  const dialog = useRef<HTMLDialogElement>(null);
  const key = useRef(freshKey());
  const { busy, problem, attempt } = useAttempt();
  const [draft, setDraft] = useState<Draft>({ ground: wish.command === "open" ? "match_confirmed" : "service_vehicle", booking: "", reason: "" });
  const [step, setStep] = useState<"write" | "confirm">("write");
  useEffect(() => dialog.current?.showModal(), []);

  function give(): void {
    const order: BarrierOrder = { command: wish.command, ground: draft.ground, reason: draft.reason.trim() };
    if (draft.ground === "match_confirmed") order.booking = draft.booking;
    attempt(async () => {
      await orderBarrier(session, { checkpoint, lane: wish.lane, order, key: key.current, language });
      dialog.current?.close(DONE);
    });
  }

  /** A command under way is waited for: closing now would leave the officer not knowing what became of it. */
  function stay(event: Event): void {
    if (busy) event.preventDefault();
  }

  function back(): void {
    key.current = freshKey();
    setStep("write");
  }

  return (
    <dialog ref={dialog} class="dialog" aria-labelledby="barrier-title" onCancel={stay} onClose={() => close(dialog.current?.returnValue === DONE)}>
      <h2 id="barrier-title">{say(`command.${wish.command}.title`, { lane: wish.name })}</h2>
      {step === "write" ? (
        <Write draft={draft} change={setDraft} vehicles={likeliest(vehicles, wish.seen)} next={() => setStep("confirm")} cancel={() => dialog.current?.close()} />
      ) : (
        <>
          <Summary draft={draft} wish={wish} vehicles={vehicles} />
          <Trouble problem={problem} />
          <div class="buttons">
            <button type="button" class="button danger" disabled={busy} onClick={give}>
              {say(busy ? "command.sending" : "command.confirm")}
            </button>
            <button type="button" class="button" disabled={busy} onClick={back}>
              {say("command.back")}
            </button>
          </div>
        </>
      )}
    </dialog>
  );
}

interface WriteProps {
  draft: Draft;
  change: (draft: Draft) => void;
  vehicles: readonly Vehicle[];
  next: () => void;
  cancel: () => void;
}

function Write({ draft, change, vehicles, next, cancel }: WriteProps) {
  const { say } = useSpeech();
  function submit(event: Event): void {
    event.preventDefault();
    next();
  }
  return (
    <form onSubmit={submit}>
      <fieldset class="field">
        <legend>{say("command.ground")}</legend>
        {GROUNDS.map((ground) => (
          <label key={ground} class="choice">
            <input type="radio" name="ground" checked={draft.ground === ground} onChange={() => change({ ...draft, ground })} />
            <span>{say(`command.ground.${ground}`)}</span>
          </label>
        ))}
      </fieldset>
      {draft.ground === "match_confirmed" && (
        <label class="field">
          <span>{say("command.booking")}</span>
          <select
            class="input"
            required
            value={draft.booking}
            onChange={(event) => change({ ...draft, booking: event.currentTarget.value })}
          >
            <option value="">{say("command.booking.choose")}</option>
            {vehicles.map((vehicle) => (
              <option key={vehicle.booking} value={vehicle.booking}>
                {spoken(vehicle.plate, vehicle.country)} · {vehicle.number}
              </option>
            ))}
          </select>
        </label>
      )}
      <label class="field">
        <span>{say("command.reason")}</span>
        <span class="hint">{say("command.reason.hint")}</span>
        <textarea
          class="input"
          required
          rows={3}
          maxLength={300}
          value={draft.reason}
          onInput={(event) => change({ ...draft, reason: event.currentTarget.value })}
        />
      </label>
      <div class="buttons">
        <button type="submit" class="button primary" disabled={draft.reason.trim() === ""}>
          {say("command.continue")}
        </button>
        <button type="button" class="button" onClick={cancel}>
          {say("app.close")}
        </button>
      </div>
    </form>
  );
}

function Summary({ draft, wish, vehicles }: { draft: Draft; wish: Wish; vehicles: readonly Vehicle[] }) {
  const { say } = useSpeech();
  const vehicle = draft.ground === "match_confirmed" ? vehicles.find((each) => each.booking === draft.booking) : undefined;
  return (
    <div class="summary">
      <p class="summary-question">{say(`command.confirm.${wish.command}`, { lane: wish.name })}</p>
      <dl>
        <dt>{say("command.ground")}</dt>
        <dd>{say(`command.ground.${draft.ground}`)}</dd>
        {vehicle && (
          <>
            <dt>{say("command.booking")}</dt>
            <dd>
              {spoken(vehicle.plate, vehicle.country)} · {vehicle.number}
            </dd>
          </>
        )}
        <dt>{say("command.reason")}</dt>
        <dd>{draft.reason}</dd>
      </dl>
    </div>
  );
}
