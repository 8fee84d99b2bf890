import { CALENDARS } from "../i18n/dates";
import type { Language } from "../i18n/language";

/**
 * Times as they are at the checkpoints. All of Kazakhstan is at +05:00 since 1 March 2024 (D32); screens with older
 * zone data would still say +06:00, so the offset is a figure here and not asked of the browser.
 */
const OFFSET_MS = 5 * 60 * 60 * 1000;

function shifted(moment: number): Date {
  return new Date(moment + OFFSET_MS);
}

function two(figure: number): string {
  return String(figure).padStart(2, "0");
}

/** "14:05" of a moment given in RFC 3339 or milliseconds; "–" for what is no moment. */
export function hourMinute(moment: string | number | undefined | null): string {
  const at = typeof moment === "number" ? moment : Date.parse(moment ?? "");
  if (Number.isNaN(at)) return "–";
  const local = shifted(at);
  return `${two(local.getUTCHours())}:${two(local.getUTCMinutes())}`;
}

/** "14:05:09", for a running clock and for plate reads. */
export function hourMinuteSecond(moment: string | number | undefined | null): string {
  const at = typeof moment === "number" ? moment : Date.parse(moment ?? "");
  return Number.isNaN(at) ? "–" : `${hourMinute(at)}:${two(shifted(at).getUTCSeconds())}`;
}

/** "Thursday, 3 December 2026" in the reader's language. */
export function longDate(moment: number, language: Language): string {
  const local = shifted(moment);
  const { days, months, write } = CALENDARS[language];
  return write(days[local.getUTCDay()]!, local.getUTCDate(), months[local.getUTCMonth()]!, local.getUTCFullYear());
}
