import "./board.css";
import "./column.css";
import "./phone.css";

import { useEffect, useState } from "preact/hooks";

import { getCheckpoint } from "../api/checkpoints";
import { COLUMNS } from "../api/shapes";
import { useLoaded } from "../api/useLoaded";
import { isStale, silence } from "../api/usePolled";
import { MESSAGES, useSpeech } from "../i18n";
import { LANGUAGES } from "../i18n/language";
import { LanguageSwitch } from "../shell/LanguageSwitch";
import { Lost } from "../shell/Lost";
import { useTitle } from "../shell/useTitle";
import { hourMinute } from "../time/almaty";
import { useTick } from "../time/useTick";
import { BoardHead } from "./BoardHead";
import { Column } from "./Column";
import { useBoard } from "./useBoard";
import { useWakeLock } from "./useWakeLock";

/** The public board of a checkpoint (§12), to be read from twenty meters, from a truck's cab and from a phone. */
export function BoardPage({ checkpoint }: { checkpoint: string }) {
  const { language, say } = useSpeech();
  const place = useLoaded(checkpoint, () => getCheckpoint(checkpoint, language));
  const { polled, clock } = useBoard(checkpoint, language);
  const scrolls = useMedia("(max-width: 700px), (max-height: 480px)");
  useTick(500);
  useWakeLock();
  useTitle(`${say("board.title")} · ${place.data?.names[language] ?? checkpoint}`);
  if (place.problem?.status === 404) return <Lost text={say("error.checkpoint")} />;
  const stale = isStale(polled.heardAt);
  return (
    <main id="content" class={`board ${scrolls ? "scrolls" : "fixed"} ${stale ? "is-stale" : ""}`}>
      <BoardHead place={place.data} now={clock.now()} state={stale ? "stale" : polled.heardAt === undefined ? "connecting" : "live"} />
      {stale && <StaleBand heard={clock.now() - silence(polled.heardAt)} />}
      <div class="board-columns">
        {COLUMNS.map((name) => (
          <Column key={name} name={name} rows={polled.data?.[name]} scrolls={scrolls} />
        ))}
      </div>
      <footer class="board-foot">
        <a href="/">{say("app.name")}</a>
        <span class="board-foot-right">
          <LanguageSwitch />
          {document.fullscreenEnabled && (
            <button type="button" class="quiet" onClick={() => void toggleFullScreen()}>
              {say("board.fullscreen")}
            </button>
          )}
        </span>
      </footer>
    </main>
  );
}

/** Says in three languages that what stands here may no longer be so: a driver must not act on an old call. */
function StaleBand({ heard }: { heard: number }) {
  const { language } = useSpeech();
  const time = hourMinute(heard);
  const order = [language, ...LANGUAGES.filter((other) => other !== language)];
  return (
    <div class="stale-band" role="alert">
      {order.map((each) => (
        <span key={each} lang={each}>
          {MESSAGES[each]["board.stale"].replace("{time}", time)}
        </span>
      ))}
    </div>
  );
}

function useMedia(query: string): boolean {
  const [matches, setMatches] = useState(() => matchMedia(query).matches);
  useEffect(() => {
    const list = matchMedia(query);
    const changed = () => setMatches(list.matches);
    list.addEventListener("change", changed);
    return () => list.removeEventListener("change", changed);
  }, [query]);
  return matches;
}

async function toggleFullScreen(): Promise<void> {
  if (document.fullscreenElement) await document.exitFullscreen();
  else await document.documentElement.requestFullscreen();
}
