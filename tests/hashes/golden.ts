/** The golden hashes in the repository: what every runtime must compute. */
import { hex } from "../../lib/text/numbers.ts";
import { describeWay, RUNS } from "./runs.js";

/** The hashes of a run: the line of `train --hash`, and one hash of all its losses. */
export interface Hashes {
  readonly hash: string;
  readonly losses: string;
}

/** The hashes of each run by its name. */
export type GoldenHashes = Readonly<Record<string, Hashes>>;

/** What a runtime computed: the hashes of each run in each way. */
export type Results = readonly (Hashes & { readonly name: string; readonly way: string })[];

/** The file that holds them. */
export const GOLDEN_FILE: URL = new URL("../../fixtures/golden_hashes.json", import.meta.url);

export function readGoldenHashes(): GoldenHashes {
  return JSON.parse(Deno.readTextFileSync(GOLDEN_FILE));
}

/** What each runtime computes if these hashes are right. */
export function expectedResults(golden: GoldenHashes): Results {
  return Object.entries(RUNS).flatMap(([name, { ways }]) =>
    ways.map((way) => ({ name, way: describeWay(way), ...golden[name]! }))
  );
}

/** The runs as docs/exactness.md lists them: the command, then its two hashes. */
export function listHashes(golden: GoldenHashes): string {
  return Object.entries(golden).map(([name, { hash }]) =>
    [name, ...hash.split(", ").map((part) => `  ${part}`)].join("\n")
  ).join("\n\n");
}

/** SHA-256 of everything that a runtime computed: of the text that print.js prints. */
export async function hashOfAll(results: Results): Promise<string> {
  const text = new TextEncoder().encode(`${JSON.stringify(results)}\n`);
  return hex(new Uint8Array(await crypto.subtle.digest("SHA-256", text)));
}
