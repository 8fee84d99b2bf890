/**
 * Business time as the server knows it. The display's own clock may be wrong, and on one machine business time runs ahead
 * of the wall; an answer's `at` is never later than now and may be old, so the furthest one seen is the nearest to the truth.
 */
export class BusinessClock {
  #ahead = Number.NEGATIVE_INFINITY;
  readonly #wall: () => number;

  constructor(wall: () => number = Date.now) {
    this.#wall = wall;
  }

  /** Learns from a moment of the server (RFC 3339, or an HTTP date); what is no moment teaches nothing. */
  learn(moment: string | null | undefined): void {
    const at = Date.parse(moment ?? "");
    if (!Number.isNaN(at)) this.#ahead = Math.max(this.#ahead, at - this.#wall());
  }

  /** Forgets, when the server has begun anew. */
  forget(): void {
    this.#ahead = Number.NEGATIVE_INFINITY;
  }

  /** Milliseconds since the epoch; the display's own clock until something was learned. */
  now(): number {
    return this.#wall() + (Number.isFinite(this.#ahead) ? this.#ahead : 0);
  }
}
