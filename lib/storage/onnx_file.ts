/**
 * The network as an ONNX model, for ONNX Runtime and the like: Gemm, Sigmoid, Gemm, Softmax.
 *
 * | tensor | what | shape |
 * |---|---|---|
 * | `pixels` | input: a row an image, its pixels row by row | (N, D) |
 * | `grey`, `white`, `X` | raw models only: bytes as reals, 255, quotient | (N, D), (), (N, D) |
 * | `A1`, `Y1`, `A2` | as in network.ts, transposed: rows are examples | (N, M), (N, M), (N, K) |
 * | `probabilities` | output: a row an image | (N, K) |
 * | `W1`, `W2` | weights, as they are | (M, D), (K, M) |
 * | `b1`, `b2` | biases | (M), (K) |
 *
 * N, the number of images, is not fixed: it may differ from call to call.
 *
 * A file is one message of Protocol Buffers. Messages and numbers of their fields come from
 * onnx.proto (github.com/onnx/onnx), what a node computes from Operators.md there.
 *
 * @module
 */

import { PbfWriter } from "pbf";
import { type AnyMatrix, describeEntry, Matrix } from "../math/matrix.ts";
import { forward, type Parameters } from "../network/network.ts";

/**
 * Options of {@linkcode writeOnnx}.
 *
 * @category 8 Saved runs
 */
export interface OnnxOptions {
  /**
   * Type of the weights and of the computation. `"float32"`, the default, is the type that ONNX
   * runtimes are made for (a probability changes by up to 3e-6); `"float64"` is this library's own
   * precision, which not every runtime supports.
   */
  readonly type?: "float32" | "float64";
  /**
   * Whether the model takes bytes from 0 to 255, and divides them by 255 itself; else pixels come
   * divided.
   */
  readonly raw?: boolean;
  /** The version of the program that writes the file, which the file then names. */
  readonly producerVersion?: string;
}

/** ONNX 1.8 of 2020: the first operator set in which Softmax works on a single axis. */
const IR_VERSION = 7, OPERATOR_SET_VERSION = 13;

/** The fields in use, message by message. */
const MODEL = { irVersion: 1, producer: 2, version: 3, docString: 6, graph: 7, operatorSet: 8 };
const OPERATOR_SET = { version: 2 };
const GRAPH = { node: 1, name: 2, initializer: 5, input: 11, output: 12 };
const NODE = { input: 1, output: 2, operator: 4, attribute: 5 };
const ATTRIBUTE = { name: 1, integer: 3, type: 20 };
const TENSOR = { size: 1, type: 2, name: 8, rawData: 9 };
const VALUE = { name: 1, type: 2, docString: 3 };
const TYPE = { tensor: 1 };
const TENSOR_TYPE = { element: 1, shape: 2 };
const SHAPE = { dimension: 1 };
const DIMENSION = { value: 1, name: 2 };

const INTEGER_ATTRIBUTE = 2;

const BYTES = 2, REALS = { float32: 1, float64: 11 };

type Real = NonNullable<OnnxOptions["type"]>;

/**
 * Writes a network as an ONNX model; the bytes depend on the values and options alone.
 *
 * @param parameters W1 M x D, b1 M x 1, W2 K x M, b2 K x 1; their shapes are checked by forward
 * propagation of one blank image
 * @returns the file; its model takes `pixels` N x D, from 0 to 1 in the type, or of a raw model
 * uint8 from 0 to 255
 * @throws {ShapeError} if the shapes do not fit
 * @throws {RangeError} if a number is not finite, or not once it is rounded to the type
 *
 * @example
 * ```ts
 * import { initialise, RandomState } from "@sanso/sanso";
 * import { writeOnnx } from "@sanso/sanso/onnx";
 * import { ok } from "node:assert/strict";
 *
 * const parameters = initialise(784, 80, 10, new RandomState(601));
 * const model = writeOnnx(parameters, { raw: true });
 * ok(model.length < 4 * 63_610 + 1000); // four bytes a parameter, and the graph
 * // saved as model.onnx, it runs in Python, with images of the shape (N, 784):
 * // onnxruntime.InferenceSession("model.onnx").run(["probabilities"], {"pixels": images})
 * ```
 *
 * @category 8 Saved runs
 */
export function writeOnnx<D extends number, M extends number, K extends number>(
  parameters: Parameters<D, M, K>,
  { type = "float32", raw = false, producerVersion }: OnnxOptions = {},
): Uint8Array<ArrayBuffer> {
  const { W1, b1, W2, b2 } = parameters, { rows: M, columns: D } = W1, K = W2.rows;
  forward(parameters, Matrix.zeros(D, 1)); // throws if the shapes do not fit
  const real = REALS[type];
  const pixels = raw
    ? value(GRAPH.input, "pixels", BYTES, D, "a row an image: bytes, 0 (background) to 255")
    : value(GRAPH.input, "pixels", real, D, "a row an image: bytes / 255, 0 (background) to 1");
  const divide = [
    node("Cast", ["pixels"], "grey", ["to", real]),
    node("Div", ["grey", "white"], "X"),
    tensor("white", Matrix.of(1, 1, [255]), [], type),
  ];
  const graph: Message = [
    [GRAPH.name, "sanso"],
    pixels,
    ...(raw ? divide : []),
    node("Gemm", [raw ? "X" : "pixels", "W1", "b1"], "A1", ["transB", 1]),
    node("Sigmoid", ["A1"], "Y1"),
    node("Gemm", ["Y1", "W2", "b2"], "A2", ["transB", 1]),
    node("Softmax", ["A2"], "probabilities", ["axis", 1]),
    value(GRAPH.output, "probabilities", real, K, "a row an image: the probability of each class"),
    tensor("W1", W1, [M, D], type),
    tensor("b1", b1, [M], type),
    tensor("W2", W2, [K, M], type),
    tensor("b2", b2, [K], type),
  ];
  const file = new PbfWriter();
  writeMessage([
    [MODEL.irVersion, IR_VERSION],
    [MODEL.producer, "sanso"],
    ...(producerVersion === undefined ? [] : [[MODEL.version, producerVersion] as const]),
    [MODEL.docString, `three-layer network ${D}-${M}-${K}`],
    [MODEL.operatorSet, [[OPERATOR_SET.version, OPERATOR_SET_VERSION]]],
    [MODEL.graph, graph],
  ], file);
  return file.finish().slice();
}

/** A message: its fields by their numbers, each an integer, a text, bytes or another message. */
type Message = readonly Field[];
type Field = readonly [field: number, value: number | string | Uint8Array | Message];

function writeMessage(fields: Message, to: PbfWriter): void {
  for (const [field, value] of fields) {
    if (typeof value === "number") to.writeVarintField(field, value);
    else if (typeof value === "string") to.writeStringField(field, value);
    else if (value instanceof Uint8Array) to.writeBytesField(field, value);
    else to.writeMessage(field, writeMessage, value);
  }
}

/** One step of the computation; an attribute is a parameter of the operator. */
function node(
  operator: string,
  inputs: readonly string[],
  output: string,
  ...attributes: readonly (readonly [name: string, value: number])[]
): Field {
  return [GRAPH.node, [
    ...inputs.map((name): Field => [NODE.input, name]),
    [NODE.output, output],
    [NODE.operator, operator],
    ...attributes.map(([name, value]): Field => [NODE.attribute, [
      [ATTRIBUTE.name, name],
      [ATTRIBUTE.integer, value],
      [ATTRIBUTE.type, INTEGER_ATTRIBUTE],
    ]]),
  ]];
}

/** An input or output: any number of rows, N, of `columns` numbers. */
function value(field: number, name: string, type: number, columns: number, doc: string): Field {
  const shape: Message = [
    [SHAPE.dimension, [[DIMENSION.name, "N"]]],
    [SHAPE.dimension, [[DIMENSION.value, columns]]],
  ];
  const tensor: Message = [[TENSOR_TYPE.element, type], [TENSOR_TYPE.shape, shape]];
  return [field, [
    [VALUE.name, name],
    [VALUE.type, [[TYPE.tensor, tensor]]],
    [VALUE.docString, doc],
  ]];
}

/** Numbers that the file holds, row by row, little-endian. */
function tensor(name: string, matrix: AnyMatrix, shape: readonly number[], type: Real): Field {
  const isSingle = type === "float32", numbers = new PbfWriter();
  matrix.data.forEach((x, i) => {
    if (!Number.isFinite(isSingle ? Math.fround(x) : x)) {
      const found = `Cannot write ${name} as ${type}: ${describeEntry(matrix, i)}`;
      throw new RangeError(`${found}, need numbers that it can hold`);
    }
    if (isSingle) numbers.writeFloat(x);
    else numbers.writeDouble(x);
  });
  return [GRAPH.initializer, [
    ...shape.map((size): Field => [TENSOR.size, size]),
    [TENSOR.type, REALS[type]],
    [TENSOR.name, name],
    [TENSOR.rawData, numbers.finish()],
  ]];
}
