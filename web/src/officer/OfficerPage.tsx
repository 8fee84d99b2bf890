import "./officer.css";
import "./lanes.css";
import "./readings.css";
import "./vehicles.css";
import "./dialog.css";

import { useMemo, useState } from "preact/hooks";

import { getCheckpoint } from "../api/checkpoints";
import { Session } from "../api/session";
import { useLoaded } from "../api/useLoaded";
import { useSpeech } from "../i18n";
import { LanguageSwitch } from "../shell/LanguageSwitch";
import { Lost } from "../shell/Lost";
import { ThemeSwitch } from "../shell/ThemeSwitch";
import { useTitle } from "../shell/useTitle";
import { LiveBoard } from "./LiveBoard";
import { SignIn } from "./SignIn";

type Signed = "in" | "out" | "expired";

/** The officer's live view of a checkpoint: sign-in by code, then what happens at the lanes, second by second. */
export function OfficerPage({ checkpoint }: { checkpoint: string }) {
  const { language, say } = useSpeech();
  const session = useMemo(() => new Session(() => setSigned((before) => (before === "in" ? "expired" : before))), []);
  const [signed, setSigned] = useState<Signed>(session.open ? "in" : "out");
  const place = useLoaded(checkpoint, () => getCheckpoint(checkpoint, language));
  const name = place.data?.names[language] ?? checkpoint;
  const inside = signed === "in";
  useTitle(`${say("officer.title")} · ${name}`);
  if (place.problem?.status === 404) return <Lost text={say("error.checkpoint")} />;

  function signOut(): void {
    setSigned("out");
    void session.signOut(language);
  }

  return (
    <>
      <a class="button skip" href="#content">
        {say("app.skip")}
      </a>
      <header class="bar">
        <a class="bar-name" href="/">
          <img src="/favicon.svg" alt="" />
          {say("app.name")}
        </a>
        <h1 class="bar-title">
          {say("officer.title")} · {name}
        </h1>
        <div class="bar-right">
          <LanguageSwitch />
          <ThemeSwitch />
          {inside && (
            <button type="button" class="button" onClick={signOut}>
              {say("signin.out")}
            </button>
          )}
        </div>
      </header>
      {inside ? (
        <LiveBoard checkpoint={checkpoint} lanes={place.data?.lanes ?? []} session={session} />
      ) : (
        <SignIn expired={signed === "expired"} session={session} done={() => setSigned("in")} />
      )}
    </>
  );
}
