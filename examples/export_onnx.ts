// Export a network to ONNX, for Python, C++, browsers and telephones.
//
//   deno run --allow-read --allow-write examples/export_onnx.ts [PARAMETERS.npz [MODEL.onnx]]
import { readParameters } from "@sanso/sanso";
import { writeOnnx } from "@sanso/sanso/onnx";

const pretrained = new URL("../docs/reproduction/parameter_10000.npz", import.meta.url);
const [input = pretrained, output = "model.onnx"] = Deno.args;

const parameters = readParameters(Deno.readFileSync(input));
const { rows: hidden, columns: inputs } = parameters.W1;
const { rows: classes } = parameters.W2;

// raw: the model takes bytes from 0 to 255 and divides them by 255 itself
const model = writeOnnx(parameters, { type: "float32", raw: true });
Deno.writeFileSync(output, model);

console.log(`${output}: ${model.length} bytes, a ${inputs}-${hidden}-${classes} network`);
console.log(`In Python, for images of the shape (N, ${inputs}) and the type uint8:

import onnxruntime
session = onnxruntime.InferenceSession("${output}")
[probabilities] = session.run(["probabilities"], {"pixels": images})  # (N, ${classes})`);
