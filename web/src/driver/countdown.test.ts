import { describe, expect, it } from "vitest";

import { nextOf, spanOf, type Followed } from "./countdown";

const seen: Followed = {
  at: "2026-12-03T10:00:00+05:00",
  status: "confirmed",
  suspended: false,
  checkpoint: { id: "nur-zholy", names: {}, has_waiting_area: true },
  vehicle: { country: "KZ", plate: "123ABC02" },
  has_pass: true,
};

describe("what a driver waits for", () => {
  it("is the call, then the entry, then, in the waiting area, the moment to leave", () => {
    const call = { ...seen, call_at: "a", expected_at: "b" };
    expect(nextOf(call)).toEqual({ what: "call", at: "a" });
    expect(nextOf({ ...seen, called_at: "x", expected_at: "b" })).toEqual({ what: "enter", at: "b" });
    expect(nextOf({ ...seen, called_at: "x", expected_at: "b", leave_by: "c" })).toEqual({ what: "leave", at: "c" });
    expect(nextOf(seen)).toBeUndefined();
  });

  it("is counted in whole minutes, never too few", () => {
    expect(spanOf(61_000)).toEqual({ past: false, hours: 0, minutes: 2 });
    expect(spanOf(3_600_000)).toEqual({ past: false, hours: 1, minutes: 0 });
    expect(spanOf(-1)).toEqual({ past: true, hours: 0, minutes: 0 });
  });
});
