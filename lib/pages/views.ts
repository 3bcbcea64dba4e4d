// The views of the page that are components.
import type { ComponentType } from "preact";
import type { ViewName } from "./playground/page_state.ts";
import { DrawView } from "./draw/draw_view.tsx";
import { StepView } from "./step/step_view.tsx";
import type { ViewProps } from "./view.ts";
import { TrainView } from "./train/train_view.tsx";
import { WhyView } from "./why/why_view.tsx";

/** The component of each view by its name. */
export const VIEW_COMPONENTS: Partial<Record<ViewName, ComponentType<ViewProps>>> = {
  draw: DrawView,
  step: StepView,
  train: TrainView,
  why: WhyView,
};
