/** A phone number as the API takes it: what people here write as 8 701… or 7 701… is +7 701…; others are left as written. */
export function international(written: string): string {
  const bare = written.replaceAll(/[^\d+]/g, "");
  return bare.replace(/^[78](\d{10})$/, "+7$1").replace(/^00/, "+");
}
