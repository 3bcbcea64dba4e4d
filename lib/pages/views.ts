// The views of the page that are components.
import type { ComponentType } from "preact";
import type { ViewName } from "./playground/page_state.ts";
import { StepView } from "./step/step_view.tsx";
import { BreakView } from "./break/break_view.tsx";
import type { ViewProps } from "./view.ts";
import { WhyView } from "./why/why_view.tsx";

/** The component of each view by its name. */
export const VIEW_COMPONENTS: Partial<Record<ViewName, ComponentType<ViewProps>>> = {
  break: BreakView,
  step: StepView,
  why: WhyView,
};
