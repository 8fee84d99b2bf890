import { useEffect, useState } from "preact/hooks";

import { Problem } from "./http";

export interface Loaded<T> {
  data: T | undefined;
  problem: Problem | undefined;
}

const AGAIN_MS = 5_000;

/** Loads once per key and, while it fails for want of an answer, tries again: a board must come up after a power cut. */
export function useLoaded<T>(key: string, load: () => Promise<T>): Loaded<T> {
  const [loaded, setLoaded] = useState<Loaded<T>>({ data: undefined, problem: undefined });
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let gone = false;
    async function attempt(): Promise<void> {
      try {
        const data = await load();
        if (!gone) setLoaded({ data, problem: undefined });
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
        if (gone) return;
        setLoaded((before) => ({ data: before.data, problem: error }));
        if (error.status === 0 || error.status >= 500 || error.status === 429) timer = setTimeout(attempt, AGAIN_MS);
      }
    }
    void attempt();
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [key]);
  return loaded;
}
