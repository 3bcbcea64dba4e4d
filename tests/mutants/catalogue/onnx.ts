/**
 * Mutants of the ONNX writer.
 *
 * @module
 */

import type { Chapter } from "../mutant.ts";

const ONNX = "lib/storage/onnx_file.ts";

const FIELD_BY_FIELD = [
  "storage/onnx_file_test.ts",
  "example: writeOnnx() writes this model of bytes, field by field",
] as const;

const IS_FORWARD = [
  "storage/onnx_file_test.ts",
  "law: the graph of writeOnnx(), node by node, is forward() to the bit, of rounded weights for float32",
] as const;

/** The ONNX model. */
export const onnx: Chapter = {
  title: "ONNX model",
  mutants: [
    {
      title: "Softmax over the examples, not over the classes",
      file: ONNX,
      search: '["axis", 1]',
      replace: '["axis", 0]',
      caughtBy: FIELD_BY_FIELD,
    },
    {
      title: "transB omitted: W1 is used as if its rows were inputs",
      file: ONNX,
      search: '"W1", "b1"], "A1", ["transB", 1])',
      replace: '"W1", "b1"], "A1")',
      caughtBy: FIELD_BY_FIELD,
    },
    {
      title: "Bytes not divided by 255",
      file: ONNX,
      search: `    node("Cast", ["pixels"], "grey", ["to", real]),
    node("Div", ["grey", "white"], "X"),
`,
      replace: `    node("Cast", ["pixels"], "X", ["to", real]),
`,
      caughtBy: IS_FORWARD,
    },
    {
      title: "Divided by 256",
      file: ONNX,
      search: 'tensor("white", Matrix.of(1, 1, [255])',
      replace: 'tensor("white", Matrix.of(1, 1, [256])',
      caughtBy: IS_FORWARD,
    },
  ],
};
