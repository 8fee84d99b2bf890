import type { Language } from "../i18n/language";

/** What the server answered; `body` is absent on 304. `date` is the server's clock. */
export interface Answer<T> {
  status: number;
  body: T | undefined;
  etag: string | null;
  date: string | null;
}

export interface Asking {
  method?: "GET" | "POST";
  body?: unknown;
  token?: string | undefined;
  etag?: string | null;
  key?: string;
  language: Language;
  signal?: AbortSignal;
}

const LONGEST_MS = 20_000;

/** A refusal or fault stated by the server (RFC 9457), or silence (`status` 0). The title is in the language asked for. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly title: string,
    readonly detail: string | undefined,
    readonly retryAfterSeconds: number | undefined,
  ) {
    super(`${status} ${code}`);
  }
}

/** Asks the API of this same origin and gives the parsed answer; everything else is a `Problem`. */
export async function ask<T>(path: string, asking: Asking): Promise<Answer<T>> {
  const response = await send(path, asking);
  const date = response.headers.get("Date");
  const etag = response.headers.get("ETag");
  if (response.status === 304) return { status: 304, body: undefined, etag: etag ?? asking.etag ?? null, date };
  const document = await parsed(response);
  if (!response.ok || (response.status === 200 && document === undefined)) throw problemOf(response, document);
  return { status: response.status, body: document as T, etag, date };
}

async function send(path: string, asking: Asking): Promise<Response> {
  const headers = new Headers({ Accept: "application/json", "Accept-Language": asking.language });
  if (asking.body !== undefined) headers.set("Content-Type", "application/json");
  if (asking.token) headers.set("Authorization", `Bearer ${asking.token}`);
  if (asking.etag) headers.set("If-None-Match", asking.etag);
  if (asking.key) headers.set("Idempotency-Key", asking.key);
  const signal = asking.signal ?? AbortSignal.timeout(LONGEST_MS);
  const body = asking.body === undefined ? {} : { body: JSON.stringify(asking.body) };
  try {
    return await fetch(path, { method: asking.method ?? "GET", headers, cache: "no-store", signal, ...body });
  } catch (error) {
    throw new Problem(0, "OFFLINE", "", error instanceof Error ? error.message : undefined, undefined);
  }
}

async function parsed(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    return undefined;
  }
}

function problemOf(response: Response, document: unknown): Problem {
  const stated = (document ?? {}) as { code?: unknown; title?: unknown; detail?: unknown; errors?: unknown };
  const detail = typeof stated.detail === "string" ? stated.detail : firstField(stated.errors);
  const retry = Number(response.headers.get("Retry-After"));
  return new Problem(
    response.status,
    typeof stated.code === "string" ? stated.code : "",
    typeof stated.title === "string" ? stated.title : "",
    detail,
    retry > 0 ? retry : undefined,
  );
}

function firstField(errors: unknown): string | undefined {
  const first = Array.isArray(errors) ? (errors[0] as { message?: unknown } | undefined) : undefined;
  return typeof first?.message === "string" ? first.message : undefined;
}
