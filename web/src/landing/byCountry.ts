import type { Checkpoint } from "../api/shapes";
import { LANGUAGES, type Language } from "../i18n/language";

export interface Group {
  country: string;
  checkpoints: Checkpoint[];
}

/** Checkpoints whose name in any language has what was asked for, by neighboring country, the one with most first. */
export function byCountry(checkpoints: readonly Checkpoint[], language: Language, asked: string): Group[] {
  const wanted = asked.trim().toLocaleLowerCase(language);
  const groups = new Map<string, Checkpoint[]>();
  for (const checkpoint of checkpoints) {
    const found = LANGUAGES.some((each) => checkpoint.names[each].toLocaleLowerCase(each).includes(wanted));
    if (found) groups.set(checkpoint.country, [...(groups.get(checkpoint.country) ?? []), checkpoint]);
  }
  return [...groups]
    .map(([country, members]) => ({
      country,
      checkpoints: members.sort((one, other) => one.names[language].localeCompare(other.names[language], language)),
    }))
    .sort((one, other) => other.checkpoints.length - one.checkpoints.length);
}
