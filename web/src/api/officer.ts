import type { Language } from "../i18n/language";
import { ask, type Answer } from "./http";
import type { Session } from "./session";
import type { BarrierOrder, LiveView, Tokens } from "./shapes";

export async function sendCode(phone: string, language: Language): Promise<string> {
  const asking = { method: "POST", body: { phone, channel: "sms" }, language } as const;
  return (await ask<{ challenge_id: string }>("/v1/auth/otp", asking)).body?.challenge_id ?? "";
}

export async function verifyCode(challenge: string, code: string, language: Language): Promise<Tokens | undefined> {
  const asking = { method: "POST", body: { challenge_id: challenge, code }, language } as const;
  return (await ask<Tokens>("/v1/auth/otp/verify", asking)).body;
}

export interface LiveQuestion {
  checkpoint: string;
  language: Language;
  etag: string | null;
  signal: AbortSignal;
}

export function getLive(session: Session, { checkpoint, ...asking }: LiveQuestion): Promise<Answer<LiveView>> {
  return session.ask<LiveView>(`/v1/officer/checkpoints/${encodeURIComponent(checkpoint)}/live`, asking);
}

export interface BarrierQuestion {
  checkpoint: string;
  lane: string;
  order: BarrierOrder;
  /** One key per decision of the officer: a repeated click or a retry moves the barrier once. */
  key: string;
  language: Language;
}

export function orderBarrier(session: Session, question: BarrierQuestion): Promise<Answer<unknown>> {
  const { checkpoint, lane, order, key, language } = question;
  const path = `/v1/officer/checkpoints/${encodeURIComponent(checkpoint)}/lanes/${encodeURIComponent(lane)}/barrier`;
  return session.ask(path, { method: "POST", body: order, key, language });
}

/** A fresh idempotency key; `randomUUID` is missing where a site's console is opened over plain HTTP by address. */
export function freshKey(): string {
  if (typeof crypto.randomUUID === "function") return crypto.randomUUID();
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
