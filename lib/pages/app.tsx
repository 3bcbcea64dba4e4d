/** @jsxImportSource preact */
// The page: its header, its errors, and the view that is chosen.
import type { ComponentType } from "preact";
import { useLayoutEffect } from "preact/hooks";
import { BreakView } from "./break/break_view.tsx";
import { DiagnoseView } from "./diagnose/diagnose_view.tsx";
import { DrawView } from "./draw/draw_view.tsx";
import { ErrorLine } from "./fields.tsx";
import { type ViewName, VIEWS } from "./state.ts";
import { StepView } from "./step/step_view.tsx";
import { language, t } from "./texts.ts";
import { TrainView } from "./train/train_view.tsx";
import type { ViewProps } from "./store.ts";
import { WhyView } from "./why/why_view.tsx";

/** The component of each view, and its name in both languages. */
const VIEW: Readonly<Record<ViewName, [ComponentType<ViewProps>, en: string, ja: string]>> = {
  why: [WhyView, "Why?", "なぜ？"],
  draw: [DrawView, "Draw", "描く"],
  step: [StepView, "Step", "計算"],
  train: [TrainView, "Train", "学習"],
  break: [BreakView, "Break", "壊す"],
  diagnose: [DiagnoseView, "Diagnose", "診断"],
};

/** All that is shown of a state. */
export function App(props: ViewProps) {
  const { state: { view }, training, error, announcement } = props, [View, en, ja] = VIEW[view];
  const needsImages = view === "train" || view === "break";
  const title = `${t(en, ja)} · sanso`;
  useLayoutEffect(() => {
    document.documentElement.lang = language();
    document.title = title;
  }, [title]);
  return (
    <>
      <Header {...props} />
      <main id="main" tabIndex={-1} data-view={view}>
        <ErrorLine id="error" error={error} />
        <div class={view} id={view} key={view}>
          {training || !needsImages ? <View {...props} /> : (
            <p>
              {t(
                "This page cannot train: the folder given with --data has no training images.",
                "--data のフォルダに訓練画像がないので、このページでは学習できない。",
              )}
            </p>
          )}
        </div>
        <p class="visually-hidden" id="announcements" role="status">{announcement || null}</p>
      </main>
    </>
  );
}

/** The page's name, its views, its network and its languages. */
function Header({ state: { view }, change, link, network, training }: ViewProps) {
  const note = network.origin === "trained" && !training!.link
    ? t(" (a reload loses it: save it first)", "（再読み込みすると失われる。先に保存しておくこと）")
    : network.file === undefined
    ? ""
    : t(" (not in the link)", "（リンクには含まれない）");
  const isUsed = view !== "break" && view !== "diagnose"; // which have networks of their own
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
            {t(VIEW[name][1], VIEW[name][2])}
          </a>
        ))}
      </nav>
      <p class="quiet network">
        {isUsed && (
          <>
            {t("Network", "ネットワーク")}: <span id="parameters-name">{network.name + note}</span>
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
