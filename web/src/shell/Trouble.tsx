import type { Problem } from "../api/http";
import type { Say } from "../i18n";
import { useSpeech } from "../i18n";

/** Says in the reader's language what went wrong; the server's own sentence where it gave one. */
export function troubleText(problem: Problem, say: Say): string {
  if (problem.status === 0) return say("error.offline");
  if (!problem.title) return say("error.server", { status: problem.status });
  const repeated = !problem.detail || problem.detail === problem.title;
  return repeated ? problem.title : `${problem.title}. ${problem.detail}`;
}

export function Trouble({ problem }: { problem: Problem | undefined }) {
  const { say } = useSpeech();
  return (
    <div role="alert">
      {problem && (
        <p class="notice bad">
          {troubleText(problem, say)} {problem.code && <small class="code">{problem.code}</small>}
        </p>
      )}
    </div>
  );
}
