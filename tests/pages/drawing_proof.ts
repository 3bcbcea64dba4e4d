// Digits drawn on the playground, without a browser: how well they are classified.
import { ok } from "node:assert/strict";
import { Drawing } from "../../lib/pages/draw/drawing.ts";
import { loadParametersOrPretrained } from "../../lib/system/runs.ts";
import { classify } from "../../lib/training/classify.ts";
import { mnist } from "../helpers/fixtures.ts";
import { centreLines } from "./strokes.ts";

/** The first test images, each also drawn by hand: one line along the middle of each stroke. */
const images = Array.from({ length: 200 }, (_, i) => {
  const data = mnist("test"), image = data.image(i), drawing = new Drawing(image);
  const factor = drawing.image.width / image.width;
  for (const line of centreLines(image)) {
    const [first, ...rest] = line.map(({ x, y }) => ({ x: factor * x, y: factor * y }));
    drawing.extendStroke(drawing.beginStroke(first!), rest);
  }
  return { label: data.labels[i]!, image, drawn: drawing.networkInput! };
});

Deno.test("example: 200 test images drawn as strokes are classified nearly as well as the images", async () => {
  const { parameters } = await loadParametersOrPretrained(undefined);
  const [direct, right] = (["image", "drawn"] as const).map((form) =>
    images.filter((one) => classify(parameters, one[form]).class === one.label).length
  );
  ok(direct! >= 190, `${direct}`); // these parameters classify 97 % of the test set correctly
  // 197 are correct both ways; a user would notice one in fifty lost
  ok(right! >= direct! - 4, `${right} of ${direct}`);
});

Deno.test("example: Drawing.penWidth gives 200 drawn test images as much ink as the originals", () => {
  const [original, drawn] = (["image", "drawn"] as const).map((form) =>
    images.reduce((sum, one) => sum + one[form].pixels.reduce((a, b) => a + b, 0), 0)
  );
  // strokes of MNIST are somewhat more than 2 pixels wide: this holds the pen to a fifth of a pixel
  ok(Math.abs(drawn! / original! - 1) < 0.1, `${drawn! / original!}`);
});
