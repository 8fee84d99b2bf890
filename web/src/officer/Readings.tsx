import { useRef, useState } from "preact/hooks";

import type { Lane, PlateRead } from "../api/shapes";
import { laneName } from "../board/lane";
import { useSpeech } from "../i18n";
import { spoken } from "../plates/layout";
import { Plate } from "../plates/Plate";
import { hourMinuteSecond } from "../time/almaty";
import { PhotoDialog } from "./PhotoDialog";
import { actionWord, detailWord, reasonWord } from "./words";

/** The last plate reads, newest first: what was seen, what the gate did and why. */
export function Readings({ readings, lanes }: { readings: readonly PlateRead[]; lanes: readonly Lane[] }) {
  const { say } = useSpeech();
  const [shown, setShown] = useState<PlateRead | undefined>(undefined);
  return (
    <section class="panel readings" aria-labelledby="readings-title">
      <h2 id="readings-title">{say("officer.readings")}</h2>
      {readings.length === 0 && <p class="quietly">{say("officer.readings.none")}</p>}
      <ol class="reading-list">
        {readings.map((reading) => (
          <ReadingCard key={reading.id} reading={reading} lane={lanes.find((lane) => lane.id === reading.lane)} show={setShown} />
        ))}
      </ol>
      {shown && <PhotoDialog reading={shown} close={() => setShown(undefined)} />}
    </section>
  );
}

interface CardProps {
  reading: PlateRead;
  lane: Lane | undefined;
  show: (reading: PlateRead) => void;
}

function ReadingCard({ reading, lane, show }: CardProps) {
  const { say } = useSpeech();
  const plate = reading.plate ? spoken(reading.plate, reading.country ?? "") : say("officer.no_plate");
  const percent = Math.round((reading.confidence ?? 0) * 100);
  return (
    <li class={`reading ${reading.action}`}>
      <Thumbnail reading={reading} plate={plate} show={show} />
      <div class="reading-what">
        <p class="reading-where">
          <time>{hourMinuteSecond(reading.at)}</time>
          <span>{laneName(reading.lane, say, reading.lane_kind ?? lane?.kind)}</span>
        </p>
        {reading.plate ? <Plate plate={reading.plate} country={reading.country ?? ""} /> : <span class="no-plate">{plate}</span>}
        <p>
          <b class={`verdict ${reading.action}`}>{actionWord(reading.action, say)}</b>
          <span class="why">{reasonWord(reading.reason, say)}</span>
        </p>
        <p class="reading-more">
          {reading.elsewhere && <span>{say("officer.elsewhere", { checkpoint: reading.elsewhere })}</span>}
          {reading.detail && <span class="detail">{detailWord(reading.reason, reading.detail, say)}</span>}
          {reading.note && <span class="detail">{reading.note}</span>}
          {reading.booking_number && <span>{reading.booking_number}</span>}
          {reading.plate && reading.confidence != null && <span>{say("officer.confidence", { percent })}</span>}
        </p>
      </div>
    </li>
  );
}

/** Addresses of photographs are signed anew at each poll; the first that works is kept, so that pictures do not flicker. */
function Thumbnail({ reading, plate, show }: { reading: PlateRead; plate: string; show: (reading: PlateRead) => void }) {
  const { say } = useSpeech();
  const address = useRef<string | undefined>(undefined);
  const [failed, setFailed] = useState<string | undefined>(undefined);
  const offered = reading.photo?.url;
  if (!address.current || address.current === failed) address.current = offered === failed ? undefined : offered;
  if (!address.current) return <span class="thumbnail missing">{say("officer.photo.gone")}</span>;
  return (
    <button type="button" class="thumbnail" aria-label={say("officer.photo", { plate })} onClick={() => show(reading)}>
      <img src={address.current} alt="" onError={() => setFailed(address.current)} />
    </button>
  );
}
