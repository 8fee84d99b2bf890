import type { Language } from "../i18n/language";
import { ask } from "./http";
import type { Checkpoint, Page } from "./shapes";

export async function listCheckpoints(language: Language): Promise<Checkpoint[]> {
  const answer = await ask<Page<Checkpoint>>("/v1/checkpoints", { language });
  return answer.body?.items ?? [];
}

export async function getCheckpoint(id: string, language: Language): Promise<Checkpoint | undefined> {
  return (await ask<Checkpoint>(`/v1/checkpoints/${encodeURIComponent(id)}`, { language })).body;
}
