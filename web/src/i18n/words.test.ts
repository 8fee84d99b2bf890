import { describe, expect, it } from "vitest";

import { longDate, hourMinuteSecond } from "../time/almaty";
import { en } from "./en";
import { kk } from "./kk";
import { pick } from "./language";
import { fill } from "./messages";
import { ru } from "./ru";

const holes = (sentence: string) => [...sentence.matchAll(/\{\w+\}/g)].map(String).sort();

describe("the words", () => {
  it("have the same keys and the same places to fill in every language", () => {
    for (const other of [kk, ru]) {
      expect(Object.keys(other).sort()).toEqual(Object.keys(en).sort());
      for (const [key, sentence] of Object.entries(en)) expect(holes(other[key as keyof typeof en]), key).toEqual(holes(sentence));
    }
  });

  it("are nowhere empty and nowhere left in English", () => {
    for (const [name, other] of Object.entries({ kk, ru })) {
      for (const [key, sentence] of Object.entries(other)) {
        expect(sentence.trim(), `${name} ${key}`).not.toBe("");
        const bare = sentence.replaceAll(/\{\w+\}|OpenAPI|API/g, "");
        expect(bare, `${name} ${key}`).not.toMatch(/[A-Za-z]{3}/);
      }
    }
  });

  it("keep a place visible that nothing was given for", () => {
    expect(fill("{a} and {b}", { a: 1 })).toBe("1 and {b}");
  });
});

describe("the choice of language", () => {
  it("goes by address, then by an earlier choice, then by the browser, then to Kazakh", () => {
    expect(pick("ru", "en", ["kk"])).toBe("ru");
    expect(pick("xx", "en", ["ru"])).toBe("en");
    expect(pick(null, null, ["de-DE", "ru-KZ"])).toBe("ru");
    expect(pick(null, null, ["de"])).toBe("kk");
  });
});

describe("the time at a checkpoint", () => {
  it("is five hours ahead of Greenwich on both sides of midnight", () => {
    expect(hourMinuteSecond("2026-12-03T09:05:09Z")).toBe("14:05:09");
    expect(longDate(Date.parse("2026-12-03T19:00:00Z"), "en")).toBe("Friday, 4 December 2026");
    expect(longDate(Date.parse("2026-12-03T18:59:59Z"), "kk")).toBe("2026 жылғы 3 желтоқсан, бейсенбі");
  });

  it("is a dash for what is no moment", () => {
    expect(hourMinuteSecond(null)).toBe("–");
    expect(hourMinuteSecond("soon")).toBe("–");
  });
});
