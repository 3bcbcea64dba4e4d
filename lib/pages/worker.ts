// The program of the page's workers, of which each does the part that it is named after.
import { breaker } from "./break/breaker.ts";
import { diagnoser } from "./diagnose/diagnoser.ts";
import { wordsOf } from "./texts.ts";
import { trainer } from "./train/trainer.ts";
import type { Functions, PartName, Reply } from "./worker_client.ts";

const emit = (event: unknown, transfer: Transferable[] = []) =>
  self.postMessage(event, { transfer });
const parts = { trainer, breaker, diagnoser: () => diagnoser };
const part: Functions = parts[self.name as PartName](emit);

self.onmessage = async ({ data: { name, argument }, ports: [port] }) => {
  const answer = (reply: Reply) => port!.postMessage(reply);
  try {
    answer({ result: await part[name]!(argument) });
  } catch (error) {
    answer({ error: wordsOf(error) });
  }
};
