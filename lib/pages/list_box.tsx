/** @jsxImportSource preact */
// A list box laid out as a grid: one tab stop, with arrow keys inside.
import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { range } from "../explain/explained_step.ts";
import { clamp } from "../math/clamp.ts";

/** How the user selected an option. */
export type InputMethod = "pointer" | "keyboard";

type Attributes = JSX.IntrinsicElements["div"];

/** Options in a grid, of which at most one is selected. */
export function ListBox({ id, count, selected, option, onChoose, ...attributes }: Attributes & {
  readonly id: string;
  readonly count: number;
  readonly selected: number | undefined;
  /** What an option is, by its index. */
  readonly option: (index: number) => Attributes;
  readonly onChoose: (index: number, by: InputMethod) => void;
}): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const last = useRef(-1); // the option from which the arrow keys go on; -1 at first
  if (selected !== undefined) last.current = selected;
  const select = (index: number, by: InputMethod) => {
    scrollTo(box.current!, index);
    onChoose(index, by);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const end = count - 1, current = last.current;
    // those of the present layout
    const columns = getComputedStyle(box.current!).gridTemplateColumns.split(" ").length;
    const targets: Readonly<Record<string, number>> = {
      ...{ ArrowLeft: current - 1, ArrowRight: current + 1, Home: 0, End: end },
      ...{ Enter: current, " ": current },
      ArrowUp: current < columns ? current : current - columns,
      ArrowDown: current < 0 || current > end - columns ? current : current + columns,
    };
    const target = targets[event.key];
    if (target === undefined) return;
    event.preventDefault();
    select(clamp(target, 0, end), "keyboard");
  };
  return (
    <div
      {...attributes}
      ref={box}
      {...{ id, onKeyDown }}
      role="listbox"
      tabIndex={0}
      aria-activedescendant={selected === undefined ? undefined : `${id}-${selected}`}
      onClick={({ target }) => {
        const index = optionAt(target);
        if (index >= 0) select(index, "pointer");
      }}
    >
      {range(count).map((i) => (
        <div role="option" id={`${id}-${i}`} aria-selected={i === selected} {...option(i)} />
      ))}
    </div>
  );
}

/** The index of the option that contains an event's target, or -1. */
function optionAt(target: EventTarget | null): number {
  const option = target instanceof Element ? target.closest("[role=option]") : null;
  return option ? Number(option.id.slice(option.id.lastIndexOf("-") + 1)) : -1;
}

/** Scrolls the box, but not the page, until an option is visible. */
function scrollTo(box: HTMLElement, index: number): void {
  const { top, bottom } = box.children[index]!.getBoundingClientRect();
  const outer = box.getBoundingClientRect();
  if (top < outer.top) box.scrollTop += top - outer.top;
  else if (bottom > outer.bottom) box.scrollTop += bottom - outer.bottom;
}
