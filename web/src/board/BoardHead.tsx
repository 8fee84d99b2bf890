import type { Checkpoint } from "../api/shapes";
import { MESSAGES, useSpeech } from "../i18n";
import { LANGUAGES } from "../i18n/language";
import { countryName } from "../shell/countryName";
import { hourMinuteSecond, longDate } from "../time/almaty";

interface Props {
  place: Checkpoint | undefined;
  now: number;
  state: "live" | "stale" | "connecting";
}

/** Which checkpoint this is, toward where, what time it is there, and whether the board hears its server. */
export function BoardHead({ place, now, state }: Props) {
  const { language, say } = useSpeech();
  const others = LANGUAGES.filter((other) => other !== language);
  const live = state === "live" ? "board.live" : "board.connecting";
  return (
    <header class="board-head">
      <div class="board-place">
        <h1>{place?.names[language] ?? "…"}</h1>
        <p class="board-place-other">
          {place && (
            <>
              <span class="board-toward">→ {countryName(place.country, language, MESSAGES[language])}</span>
              {distinct(others.map((other) => place.names[other]), place.names[language]).map((name) => (
                <span key={name}>{name}</span>
              ))}
            </>
          )}
        </p>
      </div>
      <div class="board-time">
        <time class="board-clock">{hourMinuteSecond(now)}</time>
        <p>
          <span>{longDate(now, language)}</span>
          {state !== "stale" && <span class={`board-state ${state}`}>{say(live)}</span>}
        </p>
      </div>
    </header>
  );
}

function distinct(names: readonly string[], shown: string): string[] {
  return [...new Set(names)].filter((name) => name !== shown);
}
