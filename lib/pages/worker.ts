// The program of the page's workers, of which each does the part that it is named after.
import { breaker } from "./break/breaker.ts";
import { diagnoser } from "./diagnose/diagnoser.ts";
import { wordsOf } from "./texts.ts";
import { trainer } from "./train/trainer.ts";
import type { Functions, PartName, Reply, Request } from "./worker_client.ts";

const post = (reply: Reply, transfer: Transferable[] = []) => self.postMessage(reply, { transfer });
const emit = (event: unknown, transfer?: Transferable[]) => post({ event }, transfer);
const parts = { trainer, breaker, diagnoser: () => diagnoser };
const part: Functions = parts[self.name as PartName](emit);
/** Until the part has its data. */
let ready: Promise<unknown> = Promise.resolve();

self.onmessage = ({ data: { id, name, argument } }: MessageEvent<Request>) => {
  const answer = ready.then(() => part[name]!(argument));
  if (name === "data") ready = answer;
  answer.then((result) => post({ id, result }), (error) => post({ id, error: wordsOf(error) }));
};
