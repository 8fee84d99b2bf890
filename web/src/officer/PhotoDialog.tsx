import { useEffect, useRef } from "preact/hooks";

import type { PlateRead } from "../api/shapes";
import { useSpeech } from "../i18n";
import { spoken } from "../plates/layout";
import { reasonWord } from "./words";

/** A photograph in full. Its address was fresh when the list was last drawn. */
export function PhotoDialog({ reading, close }: { reading: PlateRead; close: () => void }) {
  const { say } = useSpeech();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const plate = reading.plate ? spoken(reading.plate, reading.country ?? "") : say("officer.no_plate");
  return (
    <dialog ref={dialog} class="dialog photo-dialog" aria-labelledby="photo-title" onClose={close}>
      <h2 id="photo-title">{say("officer.photo", { plate })}</h2>
      <img src={reading.photo?.url} alt={say("officer.photo", { plate })} />
      <p>{reasonWord(reading.reason, say)}</p>
      <form method="dialog">
        <button class="button">{say("app.close")}</button>
      </form>
    </dialog>
  );
}
