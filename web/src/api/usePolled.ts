import { useEffect, useRef, useState } from "preact/hooks";

import type { Answer, Problem } from "./http";
import { poll } from "./poll";

/** What a polled address last said. `heardAt` is on `performance.now()`'s scale, which no clock change moves. */
export interface Polled<T> {
  data: T | undefined;
  heardAt: number | undefined;
  problem: Problem | undefined;
}

export interface Source<T> {
  ask: (etag: string | null, signal: AbortSignal) => Promise<Answer<T>>;
  /** Looks at an answer before it is shown; false keeps the one shown. */
  accept?: (answer: Answer<T>) => boolean;
  everyMs?: number;
}

/** Keeps asking while the page is open; `key` names what is asked for: another key begins anew. */
export function usePolled<T>(key: string, source: Source<T>): Polled<T> {
  const [polled, setPolled] = useState<Polled<T>>({ data: undefined, heardAt: undefined, problem: undefined });
  const latest = useRef(source);
  latest.current = source;
  useEffect(
    () =>
      poll<T>({
        everyMs: latest.current.everyMs ?? 2000,
        ask: (etag, signal) => latest.current.ask(etag, signal),
        heard: (answer) => {
          const accepted = latest.current.accept?.(answer) ?? true;
          setPolled((before) => ({
            data: accepted && answer.body !== undefined ? answer.body : before.data,
            heardAt: performance.now(),
            problem: undefined,
          }));
          return accepted;
        },
        failed: (problem) => setPolled((before) => ({ ...before, problem })),
      }),
    [key],
  );
  return polled;
}

/** How long ago something was heard, in milliseconds. */
export function silence(heardAt: number | undefined): number {
  return heardAt === undefined ? 0 : performance.now() - heardAt;
}

export const STALE_AFTER_MS = 10_000;

/** Tells whether what is shown may no longer be so: nothing was heard for ten seconds. */
export function isStale(heardAt: number | undefined, now: number = performance.now()): boolean {
  return heardAt !== undefined && now - heardAt > STALE_AFTER_MS;
}
