import "./landing.css";

import { useState } from "preact/hooks";

import { listCheckpoints } from "../api/checkpoints";
import type { Checkpoint } from "../api/shapes";
import { useLoaded } from "../api/useLoaded";
import { MESSAGES, useSpeech } from "../i18n";
import { Plate } from "../plates/Plate";
import { countryName } from "../shell/countryName";
import { LanguageSwitch } from "../shell/LanguageSwitch";
import { ThemeSwitch } from "../shell/ThemeSwitch";
import { Trouble } from "../shell/Trouble";
import { useTitle } from "../shell/useTitle";
import { byCountry } from "./byCountry";

/** What this is, and the way to every checkpoint's board and to its officers. */
export function LandingPage() {
  const { say } = useSpeech();
  useTitle(say("app.name"));
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
        <div class="bar-right">
          <LanguageSwitch />
          <ThemeSwitch />
        </div>
      </header>
      <main id="content" class="landing">
        <Hero />
        <Checkpoints />
        <Developers />
      </main>
    </>
  );
}

function Hero() {
  const { say } = useSpeech();
  return (
    <section class="hero">
      <div>
        <h1>{say("app.tagline")}</h1>
        <p class="lead">{say("landing.lead")}</p>
      </div>
      <div class="hero-plates" aria-hidden="true">
        <Plate plate="123ABC02" country="KZ" />
        <Plate plate="新F12345" country="CN" />
        <Plate plate="01KG777ABC" country="KG" />
      </div>
      <ul class="points">
        {(["fair", "call", "gate"] as const).map((point) => (
          <li key={point}>
            <h2>{say(`landing.point.${point}.title`)}</h2>
            <p>{say(`landing.point.${point}.text`)}</p>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Checkpoints() {
  const { language, say } = useSpeech();
  const [asked, setAsked] = useState("");
  const { data, problem } = useLoaded("checkpoints", () => listCheckpoints(language));
  const groups = byCountry(data ?? [], language, asked);
  return (
    <section class="checkpoints" aria-labelledby="checkpoints-title" aria-busy={!data && !problem}>
      <div class="checkpoints-head">
        <h2 id="checkpoints-title">{say("landing.checkpoints")}</h2>
        <label class="field">
          <span class="visually-hidden">{say("landing.search")}</span>
          <input
            class="input"
            type="search"
            placeholder={say("landing.search")}
            value={asked}
            onInput={(event) => setAsked(event.currentTarget.value)}
          />
        </label>
      </div>
      <Trouble problem={problem} />
      {!data && !problem && <p>{say("app.loading")}</p>}
      {data && groups.length === 0 && <p>{say("landing.nothing")}</p>}
      {groups.map(({ country, checkpoints }) => (
        <section key={country} aria-labelledby={`to-${country}`}>
          <h3 id={`to-${country}`}>{say("landing.toward", { country: countryName(country, language, MESSAGES[language]) })}</h3>
          <ul class="checkpoint-list">
            {checkpoints.map((checkpoint) => (
              <CheckpointCard key={checkpoint.id} checkpoint={checkpoint} />
            ))}
          </ul>
        </section>
      ))}
    </section>
  );
}

function CheckpointCard({ checkpoint }: { checkpoint: Checkpoint }) {
  const { language, say } = useSpeech();
  const name = checkpoint.names[language];
  return (
    <li class="checkpoint">
      <p class="checkpoint-name">
        <b>{name}</b>
        {checkpoint.has_waiting_area && <small>{say("landing.waiting_area")}</small>}
      </p>
      <p class="checkpoint-links">
        <a href={`/board/${checkpoint.id}`} aria-label={`${say("landing.board")}: ${name}`}>
          {say("landing.board")}
        </a>
        <a href={`/officer/${checkpoint.id}`} aria-label={`${say("landing.officer")}: ${name}`}>
          {say("landing.officer")}
        </a>
      </p>
    </li>
  );
}

function Developers() {
  const { say } = useSpeech();
  return (
    <footer class="developers">
      <h2>{say("landing.developers")}</h2>
      <ul>
        <li>
          <a href="/docs">{say("landing.docs")}</a>
        </li>
        <li>
          <a href="/openapi.json">{say("landing.openapi")}</a>
        </li>
      </ul>
    </footer>
  );
}
