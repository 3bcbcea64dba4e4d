// The program of the page's workers, of which each does the part that it is named after.
import { breaker } from "./break/breaker.ts";
import { diagnoser } from "./diagnose/diagnoser.ts";
import { wordsOf } from "./errors.ts";
import { trainer } from "./train/trainer.ts";
import type { Emit, Functions, Reply, Request } from "./worker_client.ts";

if (self.name === "breaker") serve(breaker);
else if (self.name === "diagnoser") serve(diagnoser);
else serve(trainer);

/** Answers the requests to a part, after its data have come. */
function serve<Event>(part: (emit: Emit<Event>) => Functions): void {
  const post = (reply: Reply, transfer: Transferable[] = []) =>
    self.postMessage(reply, { transfer });
  const functions = part((event, transfer) => post({ event }, transfer));
  let ready: Promise<unknown> = Promise.resolve();
  self.onmessage = ({ data: { id, name, argument } }: MessageEvent<Request>) => {
    const result = ready.then(() => functions[name]!(argument));
    if (name === "data") ready = result;
    result.then(
      (result) => post({ id, result }),
      (error) => post({ id, error: wordsOf(error) }),
    );
  };
}
