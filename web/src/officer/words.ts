import type { Say } from "../i18n";
import { isKey } from "../i18n/messages";

/** Codes of the API in words; one that is newer than these pages is shown as it came. */
function word(group: string, code: string, say: Say): string {
  const key = `${group}.${code}`;
  return isKey(key) ? say(key) : code;
}

export function stateWord(state: string, say: Say): string {
  return word("state", state, say);
}

export function classWord(name: string | undefined, say: Say): string {
  return name ? word("class", name, say) : "";
}

export function actionWord(action: string, say: Say): string {
  return word("action", action, say);
}

export function reasonWord(reason: string, say: Say): string {
  const key = `reason.${reason}`;
  return isKey(key) ? say(key) : say("reason.other", { code: reason });
}

/** Reasons whose addition is plates: those the gate expects and may have before it. */
const EXPECTING = new Set(["SIMILAR_PLATE", "AMBIGUOUS", "UNKNOWN_VEHICLE", "UNREADABLE"]);

/** The gate's own addition: the plates it expects where it doubts which vehicle stands there, else as it wrote it. */
export function detailWord(reason: string, detail: string, say: Say): string {
  return EXPECTING.has(reason) ? say("officer.expects", { plates: detail }) : detail;
}

export function barrierWord(state: string | undefined, say: Say): string {
  return state ? word("barrier", state, say) : say("barrier.unknown");
}

export function deviceWord(kind: string, say: Say): string {
  return word("device", kind, say);
}
