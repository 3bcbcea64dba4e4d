// The training step of the page's state, which Step and Why share.
import { useEffect, useReducer, useRef } from "preact/hooks";
import type { Dataset, Dim } from "../../mod.ts";
import { type SequenceStep, StepSequence } from "./step/step_sequence.ts";
import type { ViewProps } from "./view.ts";

const sequences = new WeakMap<Dataset<Dim<"inputs">>, StepSequence>();

/** The step that the state names; the last one while it is computed, some tasks later. */
export function useStep({ state, examples, network }: ViewProps): SequenceStep | undefined {
  const sequence = sequences.get(examples) ?? new StepSequence(examples);
  sequences.set(examples, sequence);
  const [, renderAgain] = useReducer((count: number) => count + 1, 0);
  const last = useRef<SequenceStep | undefined>(undefined);
  const next = () => sequence.stepOf(state, network.parameters);
  // the first is computed at once, so that nothing moves when it is there
  const found = next() ?? (last.current ? undefined : next());
  if (found) last.current = found;
  useEffect(() => {
    if (found) return;
    const timer = setTimeout(() => renderAgain(undefined));
    return () => clearTimeout(timer);
  });
  return last.current;
}
