import type { Language } from "../i18n/language";
import { isKey, type Messages } from "../i18n/messages";

/** Names a country: our neighbors from the texts, others from what the browser knows, else the code. */
export function countryName(code: string, language: Language, messages: Messages): string {
  const key = `country.${code}`;
  if (isKey(key)) return messages[key];
  try {
    return new Intl.DisplayNames([language], { type: "region" }).of(code) ?? code;
  } catch {
    return code;
  }
}
