/**
 * ONNX models, decoded field by field. tests/onnx/ runs them in ONNX Runtime.
 */
import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { ShapeError } from "../../lib/math/shape.ts";
import { Matrix } from "../../lib/math/matrix.ts";
import { PbfReader } from "pbf";
import { writeOnnx } from "../../lib/storage/onnx_file.ts";

/**
 * A message's fields: name and kind by number, as onnx.proto has them; a kind in brackets is
 * repeated.
 */
interface Message {
  readonly [field: number]: readonly [name: string, kind: Kind];
}
type One = "integer" | "text" | "bytes" | Message;
type Kind = One | readonly [One];

const attribute: Message = { 1: ["name", "text"], 3: ["i", "integer"], 20: ["type", "integer"] };
const node: Message = {
  1: ["input", ["text"]],
  2: ["output", ["text"]],
  4: ["op_type", "text"],
  5: ["attribute", [attribute]],
};
const tensor: Message = {
  1: ["dims", ["integer"]],
  2: ["data_type", "integer"],
  8: ["name", "text"],
  9: ["raw_data", "bytes"],
};
const dimension: Message = { 1: ["dim_value", "integer"], 2: ["dim_param", "text"] };
const tensorType: Message = {
  1: ["elem_type", "integer"],
  2: ["shape", { 1: ["dim", [dimension]] }],
};
const value: Message = {
  1: ["name", "text"],
  2: ["type", { 1: ["tensor_type", tensorType] }],
  3: ["doc_string", "text"],
};
const graph: Message = {
  1: ["node", [node]],
  2: ["name", "text"],
  5: ["initializer", [tensor]],
  11: ["input", [value]],
  12: ["output", [value]],
};
const model: Message = {
  1: ["ir_version", "integer"],
  2: ["producer_name", "text"],
  3: ["producer_version", "text"],
  6: ["doc_string", "text"],
  7: ["graph", graph],
  8: ["opset_import", [{ 1: ["domain", "text"], 2: ["version", "integer"] }]],
};

/** What a file decodes to, as far as a test asks for it by name. */
interface Model {
  readonly producer_version?: string;
  readonly graph: {
    readonly node: readonly { readonly op_type: string; readonly input: readonly string[] }[];
    readonly initializer: readonly { readonly name: string; readonly raw_data: Uint8Array }[];
    readonly input: readonly { readonly type: unknown }[];
  };
}

function decode(file: Uint8Array): Model {
  const pbf = new PbfReader(file);
  return readMessage(pbf, model, pbf.length) as unknown as Model;
}

function readMessage(pbf: PbfReader, fields: Message, end: number): Record<string, unknown> {
  const read: Record<string, unknown> = {};
  for (let field = pbf.nextField(end); field > 0; field = pbf.nextField(end)) {
    const [name, kind] = fields[field] ?? [];
    if (name === undefined || kind === undefined) throw new Error(`No field ${field} is known`);
    if (Array.isArray(kind)) ((read[name] ??= []) as unknown[]).push(readField(pbf, kind[0]));
    else if (name in read) throw new Error(`Field ${name} comes twice`);
    else read[name] = readField(pbf, kind as One);
  }
  strictEqual(pbf.pos, end);
  return read;
}

function readField(pbf: PbfReader, kind: One): unknown {
  if (kind === "integer") return pbf.readVarint();
  if (kind === "text") return pbf.readString();
  if (kind === "bytes") return pbf.readBytes();
  return readMessage(pbf, kind, pbf.readVarint() + pbf.pos);
}

const FLOAT = 1, UINT8 = 2, DOUBLE = 11;

const small = {
  W1: Matrix.of(3, 2, [0.5, -1, 2, 0.25, 0, 1e-3]),
  b1: Matrix.of(3, 1, [1, -2, 0.1]),
  W2: Matrix.of(2, 3, [1, 2, 3, -1, -2, -3]),
  b2: Matrix.of(2, 1, [0.5, -0.5]),
};

Deno.test("example: writeOnnx() writes this model of bytes, field by field", () => {
  const file = writeOnnx(small, { type: "float64", raw: true, producerVersion: "1.2.3" });
  const shape = (name: string, type: number, columns: number, doc_string: string) => {
    const dim = [{ dim_param: "N" }, { dim_value: columns }];
    return { name, type: { tensor_type: { elem_type: type, shape: { dim } } }, doc_string };
  };
  const values = (name: string, numbers: ArrayLike<number>, dims?: number[]) => ({
    name,
    data_type: DOUBLE,
    // this test runs where the first byte is the least significant
    raw_data: new Uint8Array(Float64Array.from(numbers).buffer),
    ...(dims ? { dims } : {}),
  });
  const transB = [{ name: "transB", i: 1, type: 2 }];
  deepStrictEqual(decode(file), {
    ir_version: 7,
    producer_name: "sanso",
    producer_version: "1.2.3",
    doc_string: "three-layer network 2-3-2",
    opset_import: [{ version: 13 }],
    graph: {
      name: "sanso",
      input: [shape("pixels", UINT8, 2, "a row an image: bytes, 0 (background) to 255")],
      output: [
        shape("probabilities", DOUBLE, 2, "a row an image: the probability of each class"),
      ],
      node: [
        {
          input: ["pixels"],
          output: ["grey"],
          op_type: "Cast",
          attribute: [{ name: "to", i: DOUBLE, type: 2 }],
        },
        { input: ["grey", "white"], output: ["X"], op_type: "Div" },
        { input: ["X", "W1", "b1"], output: ["A1"], op_type: "Gemm", attribute: transB },
        { input: ["A1"], output: ["Y1"], op_type: "Sigmoid" },
        { input: ["Y1", "W2", "b2"], output: ["A2"], op_type: "Gemm", attribute: transB },
        {
          input: ["A2"],
          output: ["probabilities"],
          op_type: "Softmax",
          attribute: [{ name: "axis", i: 1, type: 2 }],
        },
      ],
      initializer: [
        values("white", [255]),
        values("W1", small.W1.data, [3, 2]),
        values("b1", small.b1.data, [3]),
        values("W2", small.W2.data, [2, 3]),
        values("b2", small.b2.data, [2]),
      ],
    },
  });
});

Deno.test("example: writeOnnx() leaves out the division where pixels come divided, and a version that is not given", () => {
  const shape = { dim: [{ dim_param: "N" }, { dim_value: 2 }] };
  for (const [type, elem_type, Real] of TYPES) {
    const { graph, producer_version } = decode(writeOnnx(small, { type }));
    strictEqual(producer_version, undefined);
    const steps = graph.node.map(({ op_type, input }) => `${op_type} ${input}`);
    deepStrictEqual(steps, ["Gemm pixels,W1,b1", "Sigmoid A1", "Gemm Y1,W2,b2", "Softmax A2"]);
    deepStrictEqual(graph.input.map((value) => value.type), [{
      tensor_type: { elem_type, shape },
    }]);
    const weights = (["W1", "b1", "W2", "b2"] as const).map((name) => [
      name,
      new Uint8Array(Real.from(small[name].data).buffer),
    ]);
    deepStrictEqual(graph.initializer.map(({ name, raw_data }) => [name, raw_data]), weights);
  }
  deepStrictEqual(writeOnnx(small), writeOnnx(small, { type: "float32", raw: false }));
});

/** Number types of a model. */
const TYPES = [["float32", FLOAT, Float32Array], ["float64", DOUBLE, Float64Array]] as const;

Deno.test("example: writeOnnx() refuses shapes that do not fit", () => {
  // what only type assertions let through
  const b1 = Matrix.of(2, 1, [0, 0]) as unknown as Matrix<3, 1>;
  throws(() => writeOnnx({ ...small, b1 }), ShapeError);
  const b2 = Matrix.of(3, 1, [0, 0, 0]) as unknown as Matrix<2, 1>;
  throws(() => writeOnnx({ ...small, b2 }), ShapeError);
});

Deno.test("example: writeOnnx() refuses numbers that are not finite, or not in float32", () => {
  const greatest = (2 - 2 ** -23) * 2 ** 127;
  // half a unit in the last place above the greatest rounds to infinity, below it to the greatest
  const half = greatest + 2 ** 103;
  const W2 = Matrix.of(2, 3, [0, greatest, 0, 0, 0, -1e39]);
  const W1 = Matrix.of(3, 2, [0, 0, 0, Infinity, 0, 0]);
  const refused: [changed: Partial<typeof small>, type: "float32" | "float64", found: string][] = [
    [{ W2 }, "float32", "W2 as float32: entry (1, 2) is -1e+39"],
    [{ b2: Matrix.of(2, 1, [0, half]) }, "float32", `b2 as float32: entry (1, 0) is ${half}`],
    [{ b1: Matrix.of(3, 1, [0, NaN, 0]) }, "float64", "b1 as float64: entry (1, 0) is NaN"],
    [{ W1 }, "float64", "W1 as float64: entry (1, 1) is Infinity"],
  ];
  for (const [changed, type, found] of refused) {
    const message = `Cannot write ${found}, need numbers that it can hold`;
    throws(() => writeOnnx({ ...small, ...changed }, { type }), new RangeError(message));
  }
  writeOnnx({ ...small, W2 }, { type: "float64" });
  writeOnnx({ ...small, W2: W2.map((x) => Math.max(x, -greatest)) });
  writeOnnx({ ...small, b2: Matrix.of(2, 1, [0, half - 2 ** 75]) });
});
