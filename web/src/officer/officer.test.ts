import { describe, expect, it } from "vitest";

import { sayIn } from "../i18n";
import { laneName } from "../board/lane";
import { byCountry } from "../landing/byCountry";
import { routeOf } from "../shell/routes";
import { likeliest } from "./likeliest";
import { international } from "./phone";
import { matches } from "./Vehicles";
import { reasonWord } from "./words";

const say = sayIn("en");
const vehicle = (plate: string, state: string) => ({ booking: plate, plate, country: "KZ", state, number: "NZH-261203-14-07" });

describe("the booking to confirm", () => {
  it("is offered first when its plate is nearest to the one just read", () => {
    const vehicles = [vehicle("999ZZZ01", "at_gate"), vehicle("123ABC02", "expected"), vehicle("777AAA03", "called")];
    expect(likeliest(vehicles, "123ABG02").map((each) => each.plate)).toEqual(["123ABC02", "999ZZZ01", "777AAA03"]);
    expect(likeliest(vehicles, undefined).map((each) => each.state)).toEqual(["at_gate", "called", "expected"]);
  });
});

describe("a phone number", () => {
  it("is taken as people write it", () => {
    expect(["+7 701 000 00 01", "8 (701) 000-00-01", "7701 0000001"].map(international)).toEqual(Array(3).fill("+77010000001"));
    expect(international("+86 138 0013 8000")).toBe("+8613800138000");
    expect(international("0086 138 0013 8000")).toBe("+8613800138000");
  });
});

describe("the search", () => {
  it("finds by any part of plate or number, however it is spaced", () => {
    expect(matches(vehicle("123ABC02", "called"), "123 abc")).toBe(true);
    expect(matches(vehicle("123ABC02", "called"), "14-07")).toBe(true);
    expect(matches(vehicle("123ABC02", "called"), "124")).toBe(false);
  });
});

describe("words for codes", () => {
  it("name lanes by kind and number", () => {
    expect(laneName("entry-1", say)).toBe("Entry 1");
    expect(laneName("wa-in", say, "waiting_area_entry")).toBe("Into the waiting area");
    expect(laneName("north-7", say)).toBe("Lane 7");
  });

  it("show a reason that is newer than the pages as it came", () => {
    expect(reasonWord("SIMILAR_PLATE", say)).toContain("similar plate");
    expect(reasonWord("SOMETHING_NEW", say)).toBe("Reason: SOMETHING_NEW");
  });
});

describe("addresses", () => {
  it("lead to their pages and nowhere else", () => {
    expect(routeOf("/board/nur-zholy")).toEqual({ page: "board", checkpoint: "nur-zholy" });
    expect(routeOf("/officer/nur-zholy/")).toEqual({ page: "officer", checkpoint: "nur-zholy" });
    expect(routeOf("/")).toEqual({ page: "landing" });
    for (const lost of ["/board/", "/board/../x", "/Board/nur-zholy", "/board/nur-zholy/x"]) expect(routeOf(lost)).toEqual({ page: "lost" });
  });
});

describe("checkpoints by country", () => {
  it("are found by their name in any language, under the country with most first", () => {
    const all = [
      { id: "a", names: { kk: "Достық", ru: "Достык", en: "Dostyk" }, country: "CN" },
      { id: "b", names: { kk: "Сырым", ru: "Сырым", en: "Syrym" }, country: "RU" },
      { id: "c", names: { kk: "Жайсаң", ru: "Жайсан", en: "Zhaisan" }, country: "RU" },
    ];
    expect(byCountry(all, "ru", "").map((group) => group.country)).toEqual(["RU", "CN"]);
    expect(byCountry(all, "ru", " dost").flatMap((group) => group.checkpoints.map((each) => each.id))).toEqual(["a"]);
    expect(byCountry(all, "ru", "nothing")).toEqual([]);
  });
});
