import { expect, it } from "vitest";

import { spell } from "./amount";

const plain = (amount: number) => spell({ amount, currency: "KZT" }).replaceAll(/[\u202F\u00A0]/g, " ");

it("spells tiyn as tenge, grouped, with a rest only where there is one", () => {
  expect([0, 25_000, 9_082_500, 123_456_789_05, 9_082_507].map(plain)).toEqual(["0 ₸", "250 ₸", "90 825 ₸", "123 456 789,05 ₸", "90 825,07 ₸"]);
});
