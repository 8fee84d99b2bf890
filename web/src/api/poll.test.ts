import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { Problem, type Answer } from "./http";
import { poll } from "./poll";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const told = (etag: string): Answer<string> => ({ status: 200, body: etag, etag, date: null });

describe("polling", () => {
  it("shows the server what it has, and asks as if anew after an answer that was not taken", async () => {
    const asked: (string | null)[] = [];
    const takes = [true, false, true];
    const stop = poll<string>({
      everyMs: 100,
      ask: async (etag) => told(`v${asked.push(etag)}`),
      heard: () => takes.shift() ?? true,
      failed: () => undefined,
    });
    await vi.advanceTimersByTimeAsync(350);
    stop();
    expect(asked.slice(0, 4)).toEqual([null, "v1", null, "v3"]);
  });

  it("asks in full now and then, since an unchanged answer tells no time", async () => {
    const asked: (string | null)[] = [];
    const ask = async (etag: string | null) => (asked.push(etag), told("v"));
    const stop = poll<string>({ everyMs: 100, ask, heard: () => true, failed: () => undefined });
    await vi.advanceTimersByTimeAsync(1_150);
    stop();
    expect(asked.slice(0, 10)).toEqual([null, ...Array(8).fill("v"), null]);
  });

  it("goes on after a failure and waits as long as the server asks, though not forever", async () => {
    const ask = vi.fn(async (): Promise<Answer<string>> => { throw new Problem(429, "RATE_LIMITED", "", undefined, 5); });
    const stop = poll<string>({ everyMs: 100, ask, heard: () => true, failed: () => undefined });
    await vi.advanceTimersByTimeAsync(4_000);
    expect(ask).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(ask).toHaveBeenCalledTimes(2);
    stop();
  });

  it("is silent once stopped", async () => {
    const heard = vi.fn(() => true);
    const stop = poll<string>({ everyMs: 100, ask: async () => told("v"), heard, failed: () => undefined });
    stop();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(heard).not.toHaveBeenCalled();
  });
});
