import { useState } from "preact/hooks";

import { Problem } from "../api/http";

export interface Attempt {
  busy: boolean;
  problem: Problem | undefined;
  /** Does it unless it is being done; a stated problem is kept to be shown, any other error is a fault of ours and goes on. */
  attempt: (work: () => Promise<void>) => void;
}

/** One action at a time with its outcome, for forms. */
export function useAttempt(): Attempt {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | undefined>(undefined);
  async function run(work: () => Promise<void>): Promise<void> {
    setBusy(true);
    setProblem(undefined);
    try {
      await work();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setProblem(error);
    } finally {
      setBusy(false);
    }
  }
  return { busy, problem, attempt: (work) => void (busy || run(work)) };
}
