import { createContext, type ComponentChildren } from "preact";
import { useContext, useEffect, useMemo, useState } from "preact/hooks";

import { en } from "./en";
import { kk } from "./kk";
import { currentLanguage, remember, type Language } from "./language";
import { fill, type Key, type Messages, type Values } from "./messages";
import { ru } from "./ru";

export const MESSAGES: Readonly<Record<Language, Messages>> = { kk, ru, en };

export type Say = (key: Key, values?: Values) => string;

export interface Speech {
  language: Language;
  say: Say;
  speak: (language: Language) => void;
}

export function sayIn(language: Language): Say {
  return (key, values) => fill(MESSAGES[language][key], values);
}

const Context = createContext<Speech>({ language: "kk", say: sayIn("kk"), speak: () => undefined });

/** Gives every page below its language and tells the document which one it is. */
export function Speaking({ children }: { children: ComponentChildren }) {
  const [language, setLanguage] = useState<Language>(currentLanguage);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  const speech = useMemo<Speech>(() => ({ language, say: sayIn(language), speak: choose }), [language]);
  function choose(chosen: Language): void {
    remember(chosen);
    const address = new URL(location.href);
    address.searchParams.set("lang", chosen);
    history.replaceState(null, "", address);
    setLanguage(chosen);
  }
  return <Context.Provider value={speech}>{children}</Context.Provider>;
}

export function useSpeech(): Speech {
  return useContext(Context);
}
