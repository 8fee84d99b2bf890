import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { Problem } from "./http";
import { Session } from "./session";

const PAIR = { access_token: "a1", refresh_token: "r1", expires_in: 900 };

function answer(status: number, body: unknown): Response {
  return new Response(JSON.stringify(body), { status });
}

/** A server that knows one access token and gives the next for a refresh. */
function server(valid: string, refresh: () => Response) {
  return vi.fn(async (path: string, init: RequestInit) => {
    if (path.endsWith("/refresh")) return refresh();
    const token = new Headers(init.headers).get("Authorization");
    return token === `Bearer ${valid}` ? answer(200, { ok: true }) : answer(401, { code: "UNAUTHENTICATED", title: "No" });
  });
}

function tab(): Storage {
  const kept = new Map<string, string>();
  return { getItem: (name: string) => kept.get(name) ?? null, setItem: kept.set.bind(kept), removeItem: kept.delete.bind(kept) } as unknown as Storage;
}

beforeEach(() => vi.stubGlobal("sessionStorage", tab()));
afterEach(() => vi.unstubAllGlobals());

describe("a session", () => {
  it("renews once for many questions at the same time, because a refresh token spent twice ends everything", async () => {
    const refresh = vi.fn(() => answer(200, { ...PAIR, access_token: "a2", refresh_token: "r2" }));
    vi.stubGlobal("fetch", server("a2", refresh));
    const session = new Session(() => undefined);
    session.start(PAIR);
    const answers = await Promise.all([1, 2, 3].map(() => session.ask("/v1/x", { language: "en" })));
    expect(answers.map((each) => each.status)).toEqual([200, 200, 200]);
    expect(refresh).toHaveBeenCalledTimes(1);
  });

  it("ends when the server refuses to renew, and says so", async () => {
    vi.stubGlobal("fetch", server("none", () => answer(401, { code: "UNAUTHENTICATED", title: "No" })));
    const ended = vi.fn();
    const session = new Session(ended);
    session.start(PAIR);
    await expect(session.ask("/v1/x", { language: "en" })).rejects.toBeInstanceOf(Problem);
    expect(ended).toHaveBeenCalledOnce();
    expect(session.open).toBe(false);
  });

  it("lives on when the server is merely silent", async () => {
    vi.stubGlobal("fetch", server("none", () => { throw new TypeError("down"); }));
    const session = new Session(() => undefined);
    session.start(PAIR);
    await expect(session.ask("/v1/x", { language: "en" })).rejects.toMatchObject({ status: 0 });
    expect(session.open).toBe(true);
  });

  it("is found again by the same tab", () => {
    new Session(() => undefined).start(PAIR);
    expect(new Session(() => undefined).open).toBe(true);
  });
});
