// `export`: saved parameters as an ONNX model, for other programs to run.
import type { Command } from "commander";
import manifest from "../../deno.json" with { type: "json" };
import { type OnnxOptions, writeOnnx } from "../storage/onnx_file.ts";
import { oneOf, path, SansoCommand } from "../system/arguments.ts";
import { withFileName } from "../system/errors.ts";
import { loadParameters } from "../system/runs.ts";
import { OutputFile } from "../system/save.ts";

interface ExportOptions {
  readonly out: string;
  readonly overwrite?: true;
  readonly type: NonNullable<OnnxOptions["type"]>;
  readonly raw?: true;
}

export function exportCommand(): Command {
  const types = oneOf("float32", "float64");
  return new SansoCommand("export")
    .description(
      "Write a saved network as ONNX: from pixels (N, inputs) to probabilities (N, classes).",
    )
    .parameters()
    .option("--out <file>", "where to save the model (ONNX)", path, "model.onnx")
    .overwrite()
    .option("--type <kind>", "number type of the model: float32 or float64", types, "float32")
    .option("--raw", "model takes bytes, 0 to 255 (default: bytes / 255)")
    .action(run)
    .examples("onnx.md", "export", "export parameter.npz --raw --out digits.onnx");
}

function run(file: string, { out, overwrite, ...options }: ExportOptions): void {
  const output = new OutputFile("--out", out, "export", overwrite);
  output.check([file]);
  const parameters = loadParameters(file);
  const producerVersion = manifest.version;
  output.save(withFileName(file, () => writeOnnx(parameters, { ...options, producerVersion })));
}
