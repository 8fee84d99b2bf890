import { read, write } from "../shell/storage";

/** The languages of the pages, the state's first. */
export const LANGUAGES = ["kk", "ru", "en"] as const;
export type Language = (typeof LANGUAGES)[number];

export const LANGUAGE_NAMES: Readonly<Record<Language, string>> = { kk: "Қазақша", ru: "Русский", en: "English" };

const STORED = "language";

function known(value: string | null | undefined): Language | undefined {
  return LANGUAGES.find((language) => language === value);
}

/** Picks a language: the address first, then the reader's earlier choice, then the browser's wish, then Kazakh. */
export function pick(asked: string | null, stored: string | null, wished: readonly string[]): Language {
  const wish = wished.map((tag) => known(tag.slice(0, 2).toLowerCase())).find((language) => language !== undefined);
  return known(asked) ?? known(stored) ?? wish ?? "kk";
}

/** The language named in the address (`?lang=ru`), if it names one of ours. */
export function askedLanguage(): Language | undefined {
  return known(new URLSearchParams(location.search).get("lang"));
}

export function currentLanguage(): Language {
  return pick(askedLanguage() ?? null, read(STORED), navigator.languages);
}

export function remember(language: Language): void {
  write(STORED, language);
}
