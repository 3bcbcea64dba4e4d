/** The command `serve` at the limit of what a page may hold. */
import { deepStrictEqual } from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { initialise, RandomState, readNpz, writeParameters } from "../../mod.ts";
import { refuses } from "../helpers/cli.ts";
import { Folder } from "../helpers/folder.ts";
import { startServer } from "../helpers/http.ts";
import { idxFile } from "../helpers/idx.ts";

Deno.test("example: serve trains on as many images as an npz file can hold, and no more", async () => {
  // 1024 images of 255x257 and their labels take 64 MiB: but for the headers of the file it could
  // hold them
  const large = (count: number) =>
    [
      gzipSync(idxFile([count, 255, 257], new Uint8Array(count * 65_535))),
      idxFile([count], new Uint8Array(count)),
    ] as const;
  const [images, labels] = large(1024), [testImages, testLabels] = large(1);
  using folder = new Folder({
    "train-images-idx3-ubyte.gz": images,
    "train-labels-idx1-ubyte": labels,
    "t10k-images-idx3-ubyte.gz": testImages,
    "t10k-labels-idx1-ubyte": testLabels,
    "p.npz": writeParameters(initialise(65_535, 1, 2, new RandomState(1))),
  });
  const cwd = folder.path, args = ["p.npz", "--data", "."];
  const line = "--limit 1024: so many images of 65535 pixels are too many for the page, " +
    "need 1023 or less";
  await refuses(["serve", ...args, "--limit", "1024"], 2, line, { cwd });
  const { get, stop } = await startServer(args, folder);
  deepStrictEqual(readNpz((await get("/train.npz")).body).get("pixels")!.shape, [1023, 255, 257]);
  await stop();
});
