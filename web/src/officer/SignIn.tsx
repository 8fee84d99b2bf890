import { useEffect, useRef, useState } from "preact/hooks";

import { sendCode, verifyCode } from "../api/officer";
import type { Session } from "../api/session";
import { useSpeech } from "../i18n";
import { Trouble } from "../shell/Trouble";
import { useAttempt } from "../shell/useAttempt";
import { international } from "./phone";

interface Props {
  expired: boolean;
  session: Session;
  done: () => void;
}

interface Sent {
  phone: string;
  challenge: string;
}

/** Two steps: a phone number, then the code that came to it. */
export function SignIn({ expired, session, done }: Props) {
  const { say } = useSpeech();
  const [sent, setSent] = useState<Sent | undefined>(undefined);
  return (
    <main id="content" class="signin">
      <section class="signin-card" aria-labelledby="signin-title">
        <h2 id="signin-title">{say("signin.title")}</h2>
        {expired && <p class="notice warn">{say("signin.expired")}</p>}
        {sent ? (
          <CodeStep sent={sent} session={session} done={done} back={() => setSent(undefined)} />
        ) : (
          <PhoneStep next={setSent} />
        )}
      </section>
    </main>
  );
}

function PhoneStep({ next }: { next: (sent: Sent) => void }) {
  const { language, say } = useSpeech();
  const { busy, problem, attempt } = useAttempt();
  const [phone, setPhone] = useState("");

  function submit(event: Event): void {
    event.preventDefault();
    const full = international(phone);
    attempt(async () => next({ phone: full, challenge: await sendCode(full, language) }));
  }

  return (
    <form onSubmit={submit}>
      <label class="field">
        <span>{say("signin.phone")}</span>
        <span class="hint">{say("signin.phone.hint")}</span>
        <input
          class="input"
          type="tel"
          name="phone"
          autocomplete="tel"
          required
          value={phone}
          onInput={(event) => setPhone(event.currentTarget.value)}
        />
      </label>
      <Trouble problem={problem} />
      <button class="button primary" type="submit" disabled={busy}>
        {say("signin.send")}
      </button>
    </form>
  );
}

function CodeStep({ sent, session, done, back }: { sent: Sent; session: Session; done: () => void; back: () => void }) {
  const { language, say } = useSpeech();
  const { busy, problem, attempt } = useAttempt();
  const [code, setCode] = useState("");
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.focus(), []);

  function submit(event: Event): void {
    event.preventDefault();
    attempt(async () => {
      const tokens = await verifyCode(sent.challenge, code.trim(), language);
      if (!tokens) return;
      session.start(tokens);
      done();
    });
  }

  return (
    <form onSubmit={submit}>
      <p role="status">{say("signin.code.sent", { phone: sent.phone })}</p>
      <label class="field">
        <span>{say("signin.code")}</span>
        <input
          ref={input}
          class="input code-input"
          name="code"
          inputMode="numeric"
          autocomplete="one-time-code"
          required
          value={code}
          onInput={(event) => setCode(event.currentTarget.value)}
        />
      </label>
      <Trouble problem={problem} />
      <div class="buttons">
        <button class="button primary" type="submit" disabled={busy}>
          {say("signin.enter")}
        </button>
        <button class="button" type="button" onClick={back}>
          {say("signin.again")}
        </button>
      </div>
    </form>
  );
}
