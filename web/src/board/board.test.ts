import { describe, expect, it } from "vitest";

import { keyOf, newcomers } from "./freshness";
import { fit, pageOf } from "./paging";
import { Versions } from "./useBoard";

const row = (plate: string) => ({ plate, country: "KZ", since: "2026-12-03T14:00:00+05:00" });

describe("a column's room", () => {
  it("takes five rows in a third of a 1080p screen and two columns across an upright one", () => {
    expect(fit({ width: 606, height: 790, gap: 11 })).toMatchObject({ columns: 1, rows: 5 });
    expect(fit({ width: 1024, height: 520, gap: 11 })).toMatchObject({ columns: 2, rows: 4 });
  });

  it("never overflows and never falls below one row", () => {
    for (const height of [20, 150, 399, 801]) {
      const { rows, height: cell } = fit({ width: 600, height, gap: 10 });
      expect(rows).toBeGreaterThanOrEqual(1);
      expect(rows * cell + (rows - 1) * 10).toBeLessThanOrEqual(Math.max(height, 1));
    }
  });
});

describe("pages", () => {
  it("show every row once in a round", () => {
    const rows = Array.from({ length: 13 }, (_, index) => index);
    const round = [0, 1, 2].flatMap((turn) => pageOf(rows, 5, turn).rows);
    expect(round).toEqual(rows);
    expect(pageOf(rows, 5, 7)).toMatchObject({ page: 2, pages: 3 });
  });

  it("are one when all fits, and for a reader who scrolls", () => {
    expect(pageOf([1, 2], 5, 3)).toEqual({ rows: [1, 2], page: 1, pages: 1 });
    expect(pageOf([1, 2], Infinity, 9).rows).toEqual([1, 2]);
    expect(pageOf([], 5, 1)).toMatchObject({ rows: [], pages: 1 });
  });
});

describe("new rows", () => {
  it("are those not there before, and none of a first view", () => {
    expect(newcomers(undefined, [row("A")])).toEqual([]);
    expect(newcomers(new Set([keyOf(row("A"))]), [row("B"), row("A")])).toEqual([keyOf(row("B"))]);
  });
});

describe("versions of a board", () => {
  it("drop an older view", () => {
    const versions = new Versions();
    expect([5, 4, 5, 6].map((version) => versions.judge(version))).toEqual(["newer", "older", "newer", "newer"]);
  });

  it("take an older view that keeps coming for a server that began anew", () => {
    const versions = new Versions();
    versions.judge(90);
    expect([1, 1, 1, 1, 1, 2].map((version) => versions.judge(version))).toEqual(["older", "older", "older", "older", "anew", "newer"]);
  });
});
