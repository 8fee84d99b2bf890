/** A booking as the API shows it to whoever has its link. */
export interface Followed {
  at: string;
  number?: string;
  status: string;
  suspended: boolean;
  checkpoint: { id: string; names: Readonly<Record<string, string>>; has_waiting_area: boolean };
  vehicle: { country: string; plate: string; trailer?: string };
  slot?: { start: string; end: string };
  call_at?: string;
  called_at?: string;
  expected_at?: string;
  queue_position?: number;
  leave_by?: string;
  has_pass: boolean;
}

export type Next = { what: "leave" | "enter" | "call"; at: string };

/** What the driver waits for next: to leave the waiting area, to enter, or to be called. */
export function nextOf(seen: Followed): Next | undefined {
  if (seen.leave_by) return { what: "leave", at: seen.leave_by };
  if (seen.called_at && seen.expected_at) return { what: "enter", at: seen.expected_at };
  if (seen.call_at) return { what: "call", at: seen.call_at };
  return undefined;
}

/** A span as whole hours and minutes, rounded up so that nobody is told "0 min" before the time. */
export function spanOf(ms: number): { past: boolean; hours: number; minutes: number } {
  const minutes = Math.max(0, Math.ceil(ms / 60_000));
  return { past: ms <= 0, hours: Math.floor(minutes / 60), minutes: minutes % 60 };
}
