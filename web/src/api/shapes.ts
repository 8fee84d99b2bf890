/** The answers that the pages rely on. The server may say more; what may be missing is optional here. */

export type Names = Readonly<Record<"kk" | "ru" | "en", string>>;

export interface Lane {
  id: string;
  kind: string;
}

export interface Checkpoint {
  id: string;
  names: Names;
  country: string;
  region?: string;
  has_waiting_area?: boolean;
  status?: string;
  lanes?: Lane[];
}

export interface Page<T> {
  items: T[];
  next_cursor: string | null;
}

export interface BoardRow {
  plate: string;
  country: string;
  number?: string | null;
  since: string;
  lane?: string | null;
  until?: string | null;
}

export const COLUMNS = ["called", "entering", "leaving"] as const;
export type ColumnName = (typeof COLUMNS)[number];

export interface BoardView extends Readonly<Record<ColumnName, BoardRow[]>> {
  checkpoint: string;
  version: number;
  at: string;
}

export const VEHICLE_STATES = ["expected", "called", "waiting_area", "at_gate", "inside", "left"] as const;
export type VehicleState = (typeof VEHICLE_STATES)[number];

export interface Vehicle {
  booking: string;
  number?: string | null;
  plate: string;
  country: string;
  class?: string;
  status?: string;
  state: string;
  slot_start?: string | null;
  slot_end?: string | null;
  expected_at?: string | null;
  called_at?: string | null;
  arrived_at?: string | null;
  left_area_at?: string | null;
  leave_by?: string | null;
}

export interface Photo {
  url: string;
  expires_at?: string;
}

export interface PlateRead {
  id: string;
  at: string;
  lane: string;
  lane_kind?: string;
  plate?: string | null;
  country?: string | null;
  confidence?: number | null;
  action: string;
  reason: string;
  booking_number?: string | null;
  detail?: string | null;
  note?: string | null;
  /** The checkpoint where a vehicle that is unknown here is booked. */
  elsewhere?: string | null;
  photo?: Photo | null;
}

export interface Device {
  device: string;
  kind: string;
  lane?: string | null;
  ok: boolean;
  state?: string;
  since?: string;
}

export interface Gateway {
  connected: boolean;
  last_seen?: string | null;
  reported_up_to?: string | null;
}

export interface LiveView {
  checkpoint: string;
  at: string;
  counts?: Readonly<Partial<Record<string, number>>>;
  vehicles?: Vehicle[];
  readings?: PlateRead[];
  devices?: Device[];
  gateway?: Gateway | null;
}

export interface Tokens {
  access_token: string;
  refresh_token: string;
  expires_in: number;
}

export const GROUNDS = ["match_confirmed", "emergency", "service_vehicle"] as const;
export type Ground = (typeof GROUNDS)[number];

export interface BarrierOrder {
  command: "open" | "close";
  ground: Ground;
  reason: string;
  booking?: string;
}
