import { useSpeech } from "../i18n";

/** A page that is not there. */
export function Lost({ text }: { text?: string }) {
  const { say } = useSpeech();
  return (
    <main id="content" class="lost">
      <h1>{text ?? say("app.not_found")}</h1>
      <a class="button primary" href="/">
        {say("app.home")}
      </a>
    </main>
  );
}
