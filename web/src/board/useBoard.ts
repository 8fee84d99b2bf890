import { useRef } from "preact/hooks";

import { ask, type Answer } from "../api/http";
import type { BoardView } from "../api/shapes";
import { usePolled, type Polled } from "../api/usePolled";
import type { Language } from "../i18n/language";
import { BusinessClock } from "../time/clock";

const PATIENCE_WITH_OLDER = 5;

/** An older view is dropped (a straggling server), unless it keeps coming: then the server has begun anew. */
export class Versions {
  #shown = Number.NEGATIVE_INFINITY;
  #older = 0;

  /** `newer`: show it; `older`: drop it; `anew`: show it and forget what was known of time. */
  judge(version: number): "newer" | "older" | "anew" {
    if (version >= this.#shown) {
      this.#shown = version;
      this.#older = 0;
      return "newer";
    }
    this.#older += 1;
    if (this.#older < PATIENCE_WITH_OLDER) return "older";
    this.#shown = version;
    this.#older = 0;
    return "anew";
  }
}

export interface Board {
  polled: Polled<BoardView>;
  clock: BusinessClock;
}

/** The board of a checkpoint, asked for every two seconds, and the server's time learned on the way. */
export function useBoard(checkpoint: string, language: Language): Board {
  const clock = useRef(new BusinessClock()).current;
  const versions = useRef(new Versions()).current;
  const polled = usePolled<BoardView>(checkpoint, {
    ask: (etag, signal) => ask<BoardView>(`/v1/checkpoints/${encodeURIComponent(checkpoint)}/board`, { etag, signal, language }),
    accept: (answer: Answer<BoardView>) => {
      const judged = answer.body ? versions.judge(answer.body.version) : "newer";
      if (judged === "anew") clock.forget();
      clock.learn(answer.date);
      clock.learn(answer.body?.at);
      return judged !== "older";
    },
  });
  return { polled, clock };
}
