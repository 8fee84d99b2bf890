/** The addresses of the pages; whatever else the server sends here is told to be lost. */
export type Route = { page: "landing" } | { page: "board"; checkpoint: string } | { page: "officer"; checkpoint: string } | { page: "driver" | "pay"; token: string } | { page: "lost" };

const SLUG = "([a-z0-9]+(?:-[a-z0-9]+)*)";
const BOARD = new RegExp(`^/board/${SLUG}/?$`);
const DRIVER = /^\/d\/([A-Za-z0-9_-]{22})\/?$/;
const PAY = /^\/pay\/([A-Za-z0-9_-]{22})\/?$/;
const OFFICER = new RegExp(`^/officer/${SLUG}/?$`);

export function routeOf(path: string): Route {
  if (path === "/" || path === "/index.html") return { page: "landing" };
  const board = BOARD.exec(path)?.[1];
  if (board) return { page: "board", checkpoint: board };
  const officer = OFFICER.exec(path)?.[1];
  if (officer) return { page: "officer", checkpoint: officer };
  const token = DRIVER.exec(path)?.[1];
  if (token) return { page: "driver", token };
  const payer = PAY.exec(path)?.[1];
  if (payer) return { page: "pay", token: payer };
  return { page: "lost" };
}
