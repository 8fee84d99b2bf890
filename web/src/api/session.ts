import type { Language } from "../i18n/language";
import { ask, Problem, type Answer, type Asking } from "./http";
import type { Tokens } from "./shapes";

const STORED = "session";
const EARLY_MS = 30_000;

interface Held {
  access: string;
  refresh: string;
  until: number;
}

/**
 * A signed-in person. Tokens live in memory and in this tab's storage only; the short access token is renewed shortly
 * before its end, by one request at a time, because a refresh token spent twice ends the whole session.
 */
export class Session {
  #held: Held | undefined;
  #renewing: Promise<void> | undefined;
  readonly #ended: () => void;

  constructor(ended: () => void) {
    this.#ended = ended;
    this.#held = stored();
  }

  get open(): boolean {
    return this.#held !== undefined;
  }

  start(tokens: Tokens): void {
    this.#held = { access: tokens.access_token, refresh: tokens.refresh_token, until: Date.now() + tokens.expires_in * 1000 };
    store(this.#held);
  }

  /** Asks as this person; a token refused once is renewed and the question asked again. */
  async ask<T>(path: string, asking: Asking): Promise<Answer<T>> {
    if (this.#held && this.#held.until - EARLY_MS < Date.now()) await this.#renew(asking.language);
    try {
      return await ask<T>(path, { ...asking, token: this.#held?.access });
    } catch (error) {
      if (!(error instanceof Problem) || error.status !== 401 || !this.#held) throw error;
    }
    await this.#renew(asking.language);
    return ask<T>(path, { ...asking, token: this.#held?.access });
  }

  async signOut(language: Language): Promise<void> {
    const held = this.#held;
    this.#end();
    if (!held) return;
    try {
      await ask("/v1/auth/logout", { method: "POST", body: { refresh_token: held.refresh }, token: held.access, language });
    } catch (error) {
      // Signed out here all the same; the server forgets the tokens at their end.
      if (!(error instanceof Problem)) throw error;
    }
  }

  #renew(language: Language): Promise<void> {
    this.#renewing ??= this.#renewOnce(language).finally(() => {
      this.#renewing = undefined;
    });
    return this.#renewing;
  }

  async #renewOnce(language: Language): Promise<void> {
    try {
      const body = { refresh_token: this.#held?.refresh };
      const answer = await ask<Tokens>("/v1/auth/refresh", { method: "POST", body, language });
      if (answer.body) this.start(answer.body);
    } catch (error) {
      if (error instanceof Problem && error.status >= 400 && error.status < 500 && error.status !== 429) this.#end();
      throw error;
    }
  }

  #end(): void {
    this.#held = undefined;
    store(undefined);
    this.#ended();
  }
}

function stored(): Held | undefined {
  try {
    return JSON.parse(sessionStorage.getItem(STORED) ?? "null") ?? undefined;
  } catch {
    return undefined;
  }
}

function store(held: Held | undefined): void {
  try {
    if (held) sessionStorage.setItem(STORED, JSON.stringify(held));
    else sessionStorage.removeItem(STORED);
  } catch {
    // A tab without storage keeps the session in memory alone.
  }
}
