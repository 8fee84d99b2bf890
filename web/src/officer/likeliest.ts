import type { Vehicle } from "../api/shapes";

const NEAR: Readonly<Record<string, number>> = { at_gate: 0, called: 1, waiting_area: 2, expected: 3, inside: 4, left: 5 };

/** Vehicles in the order in which an officer will look for them: like the plate just read first, then nearest to the gate. */
export function likeliest(vehicles: readonly Vehicle[], seen: string | undefined): Vehicle[] {
  const rank = (vehicle: Vehicle) => (seen ? differing(vehicle.plate, seen) : 0) * 10 + (NEAR[vehicle.state] ?? 9);
  return [...vehicles].sort((one, other) => rank(one) - rank(other));
}

/** How many places differ between two plates, at most three: beyond that they are simply different. */
function differing(one: string, other: string): number {
  const length = Math.max(one.length, other.length);
  let count = 0;
  for (let index = 0; index < length && count < 3; index += 1) if (one[index] !== other[index]) count += 1;
  return count;
}
