/** @jsxImportSource preact */
// The page: its header, its errors, and the view that is chosen.
import type { JSX } from "preact";
import { ErrorLine } from "./error_line.tsx";
import { type ViewName, VIEWS } from "./state.ts";
import type { PageProps } from "./store.ts";
import { language, t } from "./texts.ts";
import { VIEW_COMPONENTS } from "./views.ts";

/** The name of a view in the page's language. */
export function viewName(view: ViewName): string {
  return {
    why: t("Why?", "なぜ？"),
    draw: t("Draw", "描く"),
    step: t("Step", "計算"),
    train: t("Train", "学習"),
    break: t("Break", "壊す"),
    diagnose: t("Diagnose", "診断"),
  }[view];
}

/** All that is shown of a state. */
export function App(props: PageProps): JSX.Element {
  const { state: { view }, error, announcement } = props, View = VIEW_COMPONENTS[view];
  return (
    <>
      <Header {...props} />
      <main id="main" tabIndex={-1} data-view={view}>
        <ErrorLine id="error" error={error} />
        <div class={view} id={view} key={view}>
          <View {...props} />
        </div>
        <p class="visually-hidden" id="announcements" role="status">{announcement || null}</p>
      </main>
    </>
  );
}

/** The page's name, its views, its network and its languages. */
function Header({ state: { view }, change, link, networkName }: PageProps): JSX.Element {
  return (
    <header class="frame">
      <a
        class="skip"
        href={link({})}
        onClick={(event) => {
          event.preventDefault();
          document.getElementById("main")!.focus();
        }}
      >
        {t("Skip to the view", "本文へ")}
      </a>
      <h1>sanso</h1>
      <nav aria-label={t("Views", "表示")}>
        {VIEWS.map((name) => (
          <a
            key={name}
            href={link({ view: name })}
            data-view={name}
            aria-current={name === view ? "page" : undefined}
          >
            {viewName(name)}
          </a>
        ))}
      </nav>
      <p class="quiet network">
        {view !== "break" && (
          <>
            {t("Network", "ネットワーク")}: <span id="parameters-name">{networkName}</span>
          </>
        )}
      </p>
      <div class="languages" role="group" aria-label={t("Language", "言語")}>
        {([["en", "English"], ["ja", "日本語"]] as const).map(([lang, name]) => (
          <button
            key={lang}
            type="button"
            data-language={lang}
            aria-pressed={lang === language()}
            onClick={() => change({ language: lang })}
            {...{ lang }}
          >
            {name}
          </button>
        ))}
      </div>
    </header>
  );
}
