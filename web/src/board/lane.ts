import type { Say } from "../i18n";
import { isKey } from "../i18n/messages";

const PREFIXES: Readonly<Record<string, string>> = { entry: "entry", exit: "exit", "wa-in": "waiting_area_entry", "wa-out": "waiting_area_exit" };

/** Names a lane for people: "entry-1" is "Entry 1"; `kind` is taken from the lane's id where it is not told. */
export function laneName(lane: string, say: Say, kind?: string): string {
  const number = /-?(\d+)$/.exec(lane)?.[1] ?? "";
  const stem = lane.replace(/-?\d+$/, "");
  const key = `lane.${kind ?? PREFIXES[stem] ?? ""}`;
  const known = isKey(key);
  return say(known ? key : "lane.other", { number: known ? number : number || lane }).trim();
}
