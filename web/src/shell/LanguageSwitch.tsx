import { useSpeech } from "../i18n";
import { LANGUAGES, LANGUAGE_NAMES } from "../i18n/language";

/** Three buttons, each in its own language. */
export function LanguageSwitch() {
  const { language, say, speak } = useSpeech();
  return (
    <span class="languages" role="group" aria-label={say("app.language")}>
      {LANGUAGES.map((each) => (
        <button key={each} type="button" class="quiet" lang={each} aria-pressed={each === language} onClick={() => speak(each)}>
          {LANGUAGE_NAMES[each]}
        </button>
      ))}
    </span>
  );
}
