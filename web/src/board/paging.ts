/** How rows fit into a list that cannot scroll: a screen on a pole has no hands. */
export interface Fit {
  columns: number;
  rows: number;
  /** Height of one cell in pixels. */
  height: number;
}

export interface Room {
  width: number;
  height: number;
  gap: number;
}

/** A cell is this much of its width high: a plate and one line of words under it. */
const SHAPE = 0.24;
/** A band this much wider than one good cell is split in two, as on a portrait screen. */
const WIDEST_CELL = 760;

/** Fits as many whole cells as there is room for, at least one; what is left over is shared out as height. */
export function fit({ width, height, gap }: Room, scale = 1): Fit {
  const columns = Math.max(1, Math.ceil(width / (WIDEST_CELL * scale)));
  const wish = ((width - gap * (columns - 1)) / columns) * SHAPE;
  const rows = Math.max(1, Math.floor((height + gap) / (wish + gap)));
  return { columns, rows, height: Math.max(1, Math.min((height - gap * (rows - 1)) / rows, wish * 1.2)) };
}

export interface PageOf<T> {
  rows: T[];
  page: number;
  pages: number;
}

/** The rows of one page; any page number is brought into range, so that a shrinking list never shows emptiness. */
export function pageOf<T>(rows: readonly T[], perPage: number, turn: number): PageOf<T> {
  if (rows.length <= perPage) return { rows: [...rows], page: 1, pages: 1 };
  const pages = Math.ceil(rows.length / perPage);
  const page = turn % pages;
  return { rows: rows.slice(page * perPage, (page + 1) * perPage), page: page + 1, pages };
}
