import { describe, expect, it } from "vitest";

import { layOut, spoken, widthInEm } from "./layout";

describe("a plate's layout", () => {
  it("groups as each country prints", () => {
    expect(layOut("123ABC02", "KZ")).toEqual({ main: "123 ABC", tail: "02" });
    expect(layOut("A123BC77", "RU")).toEqual({ main: "A 123 BC", tail: "77" });
    expect(layOut("01KG777ABC", "KG")).toEqual({ lead: "01", main: "777 ABC" });
    expect(layOut("85X123AB", "UZ")).toEqual({ lead: "85", main: "X 123 AB" });
    expect(layOut("新F12345", "CN")).toEqual({ main: "新F·12345" });
  });

  it("never refuses a plate that fits no pattern, and never loses a character", () => {
    for (const [plate, country] of [["HELLO", "UZ"], ["XX1", "KZ"], ["12345", ""]] as const) expect(layOut(plate, country).main).toBe(plate);
    expect(spoken("123ABC02", "KZ")).toBe("KZ 123 ABC 02");
  });

  it("grows in width with what is on it", () => {
    expect(widthInEm({ main: "ABCDEFGHIJKL" })).toBeGreaterThan(widthInEm({ main: "ABC" }));
    expect(widthInEm({ main: "ABC", tail: "02" })).toBeGreaterThan(widthInEm({ main: "ABC" }));
  });
});
