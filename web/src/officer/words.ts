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

/** The gate's own addition: for a doubtful or sister plate the plates it expects, else as it wrote it. */
export function detailWord(reason: string, detail: string, say: Say): string {
  return reason === "SIMILAR_PLATE" || reason === "AMBIGUOUS" ? say("officer.expects", { plates: detail }) : detail;
}

export function barrierWord(state: string | undefined, say: Say): string {
  return state ? word("barrier", state, say) : say("barrier.unknown");
}

export function deviceWord(kind: string, say: Say): string {
  return word("device", kind, say);
}
