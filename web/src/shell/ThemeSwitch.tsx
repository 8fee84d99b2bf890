import { useState } from "preact/hooks";

import { useSpeech } from "../i18n";
import { currentTheme, setTheme } from "./theme";

/** Day or night colors; a duty officer at night wants the latter whatever the machine was set to. */
export function ThemeSwitch() {
  const { say } = useSpeech();
  const [theme, setShown] = useState(currentTheme);
  const other = theme === "dark" ? "light" : "dark";
  function change(): void {
    setTheme(other);
    setShown(other);
  }
  return (
    <button type="button" class="quiet" aria-label={say(`app.theme.${other}`)} title={say(`app.theme.${other}`)} onClick={change}>
      <span aria-hidden="true">{theme === "dark" ? "☀" : "☾"}</span>
    </button>
  );
}
