import { en } from "./en";

/** A word or sentence of the pages; a language that lacks one does not compile. */
export type Key = keyof typeof en;
export type Messages = Readonly<Record<Key, string>>;
export type Values = Readonly<Record<string, string | number>>;

/** Tells whether a code that came from outside (a reason, a state) has words of its own. */
export function isKey(candidate: string): candidate is Key {
  return candidate in en;
}

/** Fills `{name}` in a sentence; a name that is not given stays visible, so that it is noticed. */
export function fill(sentence: string, parameters: Values = {}): string {
  return sentence.replaceAll(/\{(\w+)\}/g, (whole, name: string) => String(parameters[name] ?? whole));
}
