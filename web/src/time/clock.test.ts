import { describe, expect, it } from "vitest";

import { BusinessClock } from "./clock";

describe("the business clock", () => {
  it("runs with the furthest moment the server told, and old answers do not turn it back", () => {
    let wall = 1_000_000;
    const clock = new BusinessClock(() => wall);
    clock.learn(new Date(5_000_000).toISOString());
    clock.learn(new Date(2_000_000).toISOString());
    wall += 1000;
    expect(clock.now()).toBe(5_001_000);
  });

  it("corrects a display whose clock runs ahead", () => {
    const clock = new BusinessClock(() => 9_000_000);
    clock.learn(new Date(5_000_000).toUTCString());
    expect(clock.now()).toBe(5_000_000);
  });

  it("is the display's own until something was learned, and learns nothing from nonsense", () => {
    const clock = new BusinessClock(() => 7);
    clock.learn("soon");
    clock.learn(null);
    expect(clock.now()).toBe(7);
  });
});
