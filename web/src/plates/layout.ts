/** How a plate is laid out on its board: what stands in a box of its own before or after, and the main characters. */
export interface Layout {
  lead?: string;
  main: string;
  tail?: string;
}

type Rule = readonly [pattern: RegExp, lay: (...groups: string[]) => Layout];

/** Groups as printed in each country; a plate that fits none is shown as it is (grammars warn, they never refuse, D9). */
const RULES: Readonly<Record<string, readonly Rule[]>> = {
  KZ: [
    [/^(\d{2,3})([A-Z]{2,3})(\d{2})$/, (a, b, region) => ({ main: `${a} ${b}`, tail: region! })],
    [/^([A-Z])(\d{4})(\d{2})$/, (a, b, region) => ({ main: `${a} ${b}`, tail: region! })],
    [/^([A-Z])(\d{3})([A-Z]{2,3})$/, (a, b, c) => ({ main: `${a} ${b} ${c}` })],
  ],
  RU: [
    [/^([A-Z])(\d{3})([A-Z]{2})(\d{2,3})$/, (a, b, c, region) => ({ main: `${a} ${b} ${c}`, tail: region! })],
    [/^([A-Z]{2})(\d{4})(\d{2,3})$/, (a, b, region) => ({ main: `${a} ${b}`, tail: region! })],
  ],
  UZ: [
    [/^(\d{2})([A-Z])(\d{3})([A-Z]{2})$/, (region, a, b, c) => ({ lead: region!, main: `${a} ${b} ${c}` })],
    [/^(\d{2})(\d{3,4})([A-Z]{2,3})$/, (region, a, b) => ({ lead: region!, main: `${a} ${b}` })],
  ],
  KG: [[/^(\d{2})(?:KG)?(\d{3,4})([A-Z]{1,3})$/, (region, a, b) => ({ lead: region!, main: `${a} ${b}` })]],
  CN: [[/^(\p{Script=Han}[A-Z])([A-Z0-9]{4,6}挂?)$/u, (province, rest) => ({ main: `${province}·${rest}` })]],
  BY: [[/^([A-Z]{2})(\d{4})(\d)$/, (a, b, region) => ({ main: `${a} ${b}-${region}` })]],
  TJ: [[/^(\d{3,4})([A-Z]{2})(\d{2})$/, (a, b, region) => ({ main: `${a} ${b}`, tail: region! })]],
};

export function layOut(plate: string, country: string): Layout {
  for (const [pattern, lay] of RULES[country] ?? []) {
    const found = pattern.exec(plate);
    if (found) return lay(...found.slice(1));
  }
  return { main: plate };
}

/** The plate in words for those who listen: "KZ 123 ABC 02". */
export function spoken(plate: string, country: string): string {
  const { lead, main, tail } = layOut(plate, country);
  return [country, lead, main, tail].filter(Boolean).join(" ");
}

const CHARACTER = 0.61;
/** Spaces between groups are drawn narrower than a character (`word-spacing` in plate.css). */
const SPACE = 0.32;
const BOXED = 0.75;
const FRAME = 1.62;

/** Width of a drawn plate in units of its own character size, so that a long one shrinks and never breaks its frame. */
export function widthInEm({ lead, main, tail }: Layout): number {
  const wide = [...main].reduce((sum, character) => sum + widthOf(character), 0);
  const boxed = (lead ? lead.length * CHARACTER * BOXED + 0.45 : 0) + (tail ? tail.length * CHARACTER * BOXED + 0.45 : 0);
  return FRAME + wide + boxed;
}

function widthOf(character: string): number {
  if (character === " ") return SPACE;
  return /\p{Script=Han}/u.test(character) ? 1 : CHARACTER;
}
