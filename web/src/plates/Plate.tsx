import "./plate.css";

import { layOut, spoken, widthInEm } from "./layout";

/** Shorter plates are drawn no larger than a usual one, so that a column of them looks even. */
const USUAL_WIDTH_EM = 7.35;

/** One registration plate, drawn like a plate: the country's band, then the characters grouped as that country prints them. */
export function Plate({ plate, country }: { plate: string; country: string }) {
  const layout = layOut(plate, country);
  return (
    <span class="plate" role="img" aria-label={spoken(plate, country)} style={{ "--wide": Math.max(widthInEm(layout), USUAL_WIDTH_EM).toFixed(2) }}>
      <span class={`plate-band plate-${country}`} aria-hidden="true">
        <i />
        <b>{country}</b>
      </span>
      {layout.lead && <span class="plate-box plate-lead">{layout.lead}</span>}
      <span class="plate-main">{layout.main}</span>
      {layout.tail && <span class="plate-box plate-tail">{layout.tail}</span>}
    </span>
  );
}
