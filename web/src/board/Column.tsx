import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

import type { BoardRow, ColumnName } from "../api/shapes";
import { MESSAGES, useSpeech } from "../i18n";
import { LANGUAGES } from "../i18n/language";
import { spoken } from "../plates/layout";
import { Plate } from "../plates/Plate";
import { hourMinute } from "../time/almaty";
import { keyOf, useFresh } from "./freshness";
import { laneName } from "./lane";
import { fit, pageOf, type Fit } from "./paging";

const PAGE_MS = 7_000;

interface Props {
  name: ColumnName;
  /** None before the first answer. */
  rows: readonly BoardRow[] | undefined;
  /** On a phone the reader scrolls: everything is shown at once. */
  scrolls: boolean;
}

/** One column of the board: its name in three languages and as many plates as fit, turning pages when there are more. */
export function Column({ name, rows: heard, scrolls }: Props) {
  const { language, say } = useSpeech();
  const list = useRef<HTMLUListElement>(null);
  const room = useFit(list);
  const fresh = useFresh(heard);
  const rows = heard ?? [];
  const perPage = scrolls ? Infinity : room.columns * room.rows;
  const turn = useTurns(rows, fresh, perPage);
  const { rows: shown, page, pages } = pageOf(rows, perPage, turn);
  const others = LANGUAGES.filter((other) => other !== language);
  return (
    <section class={`column column-${name}`} aria-labelledby={`column-${name}`}>
      <header class="column-head">
        <h2 id={`column-${name}`}>{say(`board.${name}`)}</h2>
        <p class="column-other">
          {others.map((other) => (
            <span key={other} lang={other}>
              {MESSAGES[other][`board.${name}`]}
            </span>
          ))}
        </p>
        <span class="column-count" aria-hidden="true">
          {rows.length}
        </span>
      </header>
      <ul class="column-list" ref={list} style={{ "--columns": room.columns, "--cell": `${room.height}px` }}>
        {shown.map((row) => (
          <Row key={keyOf(row)} name={name} row={row} fresh={fresh.has(keyOf(row))} />
        ))}
        {heard?.length === 0 && <li class="column-empty">{say("board.nobody")}</li>}
      </ul>
      <p class="visually-hidden" role="status">
        {fresh.size > 0 && `${say(`board.${name}`)}: ${announced(rows, fresh)}`}
      </p>
      <p class="column-pages" aria-label={say("board.page", { page, pages })} hidden={pages < 2}>
        {Array.from({ length: pages }, (_, index) => (
          <i key={index} class={index + 1 === page ? "here" : ""} />
        ))}
      </p>
    </section>
  );
}

/** What a screen reader says of new rows; eyes see them light up. */
function announced(rows: readonly BoardRow[], fresh: ReadonlySet<string>): string {
  const came = rows.filter((row) => fresh.has(keyOf(row)));
  return came.map((row) => spoken(row.plate, row.country)).join(", ");
}

function Row({ name, row, fresh }: { name: ColumnName; row: BoardRow; fresh: boolean }) {
  const { say } = useSpeech();
  const when = row.until ? say("board.until", { time: hourMinute(row.until) }) : hourMinute(row.since);
  const about = row.lane && name !== "called" ? laneName(row.lane, say) : row.number;
  return (
    <li class={fresh ? "row fresh" : "row"}>
      <Plate plate={row.plate} country={row.country} />
      <span class="row-about">
        <span>{about}</span>
        <time>{when}</time>
      </span>
    </li>
  );
}

/** Measures the list and tells how many cells it takes, again whenever the screen turns or changes size. */
function useFit(list: { current: HTMLUListElement | null }): Fit {
  const [room, setRoom] = useState<Fit>({ columns: 1, rows: 4, height: 160 });
  useLayoutEffect(() => {
    const element = list.current;
    if (!element) return undefined;
    const measure = () => {
      const { clientWidth: width, clientHeight: height } = element;
      const gap = Number.parseFloat(getComputedStyle(element).rowGap) || 0;
      const scale = Math.max(1, Math.min(innerWidth, innerHeight) / 1080);
      setRoom((before) => {
        const next = fit({ width, height, gap }, scale);
        return before.columns === next.columns && before.rows === next.rows && before.height === next.height ? before : next;
      });
    };
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    measure();
    return () => observer.disconnect();
  }, []);
  return room;
}

/** Counts turned pages. What has just come is turned to at once and has a full page's time, wherever in the order it stands. */
function useTurns(rows: readonly BoardRow[], fresh: ReadonlySet<string>, perPage: number): number {
  const [turn, setTurn] = useState(0);
  const first = rows.findIndex((row) => fresh.has(keyOf(row)));
  const came = first < 0 ? "" : keyOf(rows[first]!);
  useEffect(() => {
    if (came) setTurn(Math.floor(first / perPage));
    const timer = setInterval(() => setTurn((before) => before + 1), PAGE_MS);
    return () => clearInterval(timer);
  }, [came]);
  return turn;
}
