// The view that goes through a training step, one quantity at a time.
import type { AnyParameters, Dataset, Dim } from "../../../../mod.ts";
import type { PageState } from "../page_state.ts";
import { focusOn } from "../step/slices.ts";
import { StepSequence } from "../step/step_sequence.ts";
import type { Address } from "./address.ts";
import { Announcer } from "./announcer.ts";
import { byId } from "./elements.ts";
import { EntryView } from "./entry_view.ts";
import { language } from "./language.ts";
import { QuantityMap } from "./quantity_map.ts";
import { QuantityPicture } from "./quantity_picture.ts";
import { placeInStep, showQuantityWords, titleOf } from "./quantity_words.ts";
import { StepPlayer } from "./step_player.ts";
import { StepSettings } from "./step_settings.ts";

/** The network of the step. */
export interface StepNetwork {
  /** Its parameters before the first update. */
  readonly parameters: AnyParameters;
  /** The name of the page's network. */
  readonly name: string;
}

/** Shows the training step that the page's state names. */
export class StepView {
  readonly #sequence: StepSequence;
  readonly #announcer = new Announcer(byId("step-announcements", HTMLElement));
  readonly #settings: StepSettings;
  readonly #map: QuantityMap;
  readonly #picture: QuantityPicture;
  readonly #entry: EntryView;
  readonly #player: StepPlayer;
  /** Whether a step has been shown. */
  isShown = false;
  /** What the words were last shown for. */
  #words = "";
  #network: StepNetwork | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /**
   * Handles the controls of the view.
   *
   * @param address holds the state
   * @param examples the images to choose from
   */
  constructor(readonly address: Address, examples: Dataset<Dim<"inputs">>) {
    this.#sequence = new StepSequence(examples);
    this.#settings = new StepSettings(address);
    this.#map = new QuantityMap((quantity) => address.follow({ quantity }));
    this.#picture = new QuantityPicture((focus) =>
      address.change({ focus: { ...address.state.focus, ...focus } })
    );
    this.#entry = new EntryView(({ symbol, row, column }) => {
      if (symbol === "labels" || symbol === "η") return undefined;
      const focus = { ...address.state.focus, ...focusOn(symbol, row, column) };
      return address.link({ quantity: symbol, focus });
    });
    this.#player = new StepPlayer(address);
  }

  /** Ends what goes on in the view while it is not visible. */
  leave(): void {
    this.#player.pause();
  }

  /** Shows a step, some tasks later if it has to be computed first. */
  show(state: PageState, network: StepNetwork): void {
    clearTimeout(this.#timer);
    this.#network = network;
    const found = this.#sequence.stepOf(state, network.parameters);
    if (found === undefined) {
      this.#timer = setTimeout(() => this.show(this.address.state, this.#network!));
      return;
    }
    const { step, batch, losses } = found, { quantity } = state;
    this.#settings.show({ batch, step, name: network.name }, state);
    this.#map.show(step, quantity);
    const words = `${quantity} ${language()}`;
    if (words !== this.#words) showQuantityWords(quantity);
    this.#words = words;
    this.#picture.show(step, quantity);
    this.#entry.show(step, quantity);
    this.#player.show(step, losses, state);
    this.isShown = true;
    this.#announcer.announceWhenIdle("step", () => {
      const place = placeInStep(quantity);
      return `${place}. ${titleOf(quantity)}. ${this.#entry.title}`;
    });
  }
}
