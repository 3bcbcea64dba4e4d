// The views of the page.
import type { ComponentType } from "preact";
import type { ViewName } from "./state.ts";
import { BreakView } from "./break/break_view.tsx";
import { DiagnoseView } from "./diagnose/diagnose_view.tsx";
import { DrawView } from "./draw/draw_view.tsx";
import { StepView } from "./step/step_view.tsx";
import { TrainView } from "./train/train_view.tsx";
import type { ViewProps } from "./view.ts";
import { WhyView } from "./why/why_view.tsx";

/** The component of each view by its name. */
export const VIEW_COMPONENTS: Readonly<Record<ViewName, ComponentType<ViewProps>>> = {
  break: BreakView,
  diagnose: DiagnoseView,
  draw: DrawView,
  step: StepView,
  train: TrainView,
  why: WhyView,
};
