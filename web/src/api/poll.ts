import { Problem, type Answer } from "./http";

export interface Polling<T> {
  /** Asks once; `etag` is that of the last answer. */
  ask: (etag: string | null, signal: AbortSignal) => Promise<Answer<T>>;
  /** Called for every answer, a 304 included; false: the answer was not taken, so the next question is asked as if it never came. */
  heard: (answer: Answer<T>) => boolean;
  failed: (problem: Problem) => void;
  everyMs: number;
}

/** Every so many questions are asked in full: a 304 tells no time, and a displaced answer does not stay forever. */
const FULL_EVERY = 10;
const PATIENCE_MS = 8_000;
const LONGEST_WAIT_MS = 30_000;

/**
 * Asks again and again, one question at a time, until stopped. A failure waits no longer than usual, so that a board is
 * back with its server; `Retry-After` is obeyed. A spread of a tenth keeps many boards from asking in step.
 */
export function poll<T>(polling: Polling<T>): () => void {
  let etag: string | null = null;
  let asked = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stopped = new AbortController();

  async function turn(): Promise<void> {
    let wait = polling.everyMs;
    try {
      asked += 1;
      const known = asked % FULL_EVERY === 0 ? null : etag;
      const answer = await polling.ask(known, AbortSignal.any?.([stopped.signal, AbortSignal.timeout(PATIENCE_MS)]) ?? stopped.signal);
      if (!stopped.signal.aborted) etag = polling.heard(answer) ? answer.etag : null;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (!stopped.signal.aborted) polling.failed(error);
      wait = Math.max(wait, Math.min((error.retryAfterSeconds ?? 0) * 1000, LONGEST_WAIT_MS));
    }
    if (!stopped.signal.aborted) timer = setTimeout(turn, wait * (0.95 + Math.random() / 10));
  }

  void turn();
  return () => {
    stopped.abort();
    clearTimeout(timer);
  };
}
