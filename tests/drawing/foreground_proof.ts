// Foregrounds of many coloured images.
import { assertColoursKeepClasses } from "../helpers/coloured_images.ts";

Deno.test("example: extractForeground() and normalizeDigit() of 500 coloured test images keep their classes and probabilities", () =>
  assertColoursKeepClasses(500));
