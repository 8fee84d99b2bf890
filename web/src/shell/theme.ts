import { read, write } from "./storage";

export type Theme = "light" | "dark";

const STORED = "theme";

function known(value: string | null): Theme | undefined {
  return value === "light" || value === "dark" ? value : undefined;
}

/** The colors to use: the address (`?theme=dark`, for kiosks), the reader's choice, the page's own, then the system's. */
export function chooseTheme(own?: Theme): void {
  const asked = known(new URLSearchParams(location.search).get("theme"));
  const theme = asked ?? own ?? known(read(STORED));
  if (theme) document.documentElement.dataset["theme"] = theme;
}

export function currentTheme(): Theme {
  const set = known(document.documentElement.dataset["theme"] ?? null);
  return set ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
}

export function setTheme(theme: Theme): void {
  document.documentElement.dataset["theme"] = theme;
  write(STORED, theme);
}
