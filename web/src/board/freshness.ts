import { useLayoutEffect, useRef, useState } from "preact/hooks";

import type { BoardRow } from "../api/shapes";

const FRESH_MS = 9_000;

/** Rows are the same while plate and moment of coming are the same. */
export function keyOf(row: BoardRow): string {
  return `${row.country}|${row.plate}|${row.since}`;
}

/** The rows that were not there before. Of a first view none is new: a board just switched on must not blink all over. */
export function newcomers(before: ReadonlySet<string> | undefined, rows: readonly BoardRow[]): string[] {
  return before ? rows.map(keyOf).filter((key) => !before.has(key)) : [];
}

/** The keys of rows that came in the last seconds, to be shown lit. `rows` undefined: nothing was heard yet. */
export function useFresh(rows: readonly BoardRow[] | undefined): ReadonlySet<string> {
  const [fresh, setFresh] = useState<ReadonlySet<string>>(new Set());
  const known = useRef<ReadonlySet<string> | undefined>(undefined);
  useLayoutEffect(() => {
    if (!rows) return undefined;
    const came = newcomers(known.current, rows);
    known.current = new Set(rows.map(keyOf));
    if (came.length === 0) return undefined;
    setFresh((before) => new Set([...before, ...came]));
    setTimeout(() => setFresh((before) => new Set([...before].filter((key) => !came.includes(key)))), FRESH_MS);
    return undefined;
  }, [rows]);
  return fresh;
}
