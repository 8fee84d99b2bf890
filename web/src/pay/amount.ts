/** A sum as the API gives it: whole tiyn, a hundredth of a tenge. */
export interface Money {
  amount: number;
  currency: string;
}

/** "90 825 ₸" of 9082500 tiyn; what is left of a tenge is shown only when there is some. Spaces do not break. */
export function spell({ amount }: Money): string {
  const whole = String(Math.trunc(amount / 100)).replaceAll(/\B(?=(\d{3})+$)/g, "\u202F");
  const rest = amount % 100;
  return `${whole}${rest ? `,${String(rest).padStart(2, "0")}` : ""}\u00A0₸`;
}
