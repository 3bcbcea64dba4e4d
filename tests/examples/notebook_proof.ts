// The notebooks of examples/: both have the same code and outputs, which Deno's kernel computes.
import { deepStrictEqual, ok } from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { Folder } from "../helpers/folder.ts";
import { jupyterTest, pythonWith } from "../helpers/numpy.ts";

const EXAMPLES = new URL("../../examples/", import.meta.url);

/** What a cell shows, by the type of its content. */
type Shown = Record<string, string>;

interface Cell {
  readonly cell_type: "code" | "markdown";
  readonly source: readonly string[];
  readonly outputs?: readonly { readonly data: Record<string, readonly string[]> }[];
}

/** The code of a notebook and what is stored with it, cell by cell. */
function read(name: string): { code: string[]; outputs: Shown[][] } {
  const { cells } = JSON.parse(Deno.readTextFileSync(new URL(name, EXAMPLES)));
  const code = (cells as Cell[]).filter((cell) => cell.cell_type === "code");
  const join = (data: Record<string, readonly string[]>) =>
    Object.fromEntries(Object.entries(data).map(([type, lines]) => [type, lines.join("")]));
  return {
    code: code.map(({ source }) => source.join("")),
    outputs: code.map(({ outputs }) => outputs!.map(({ data }) => join(data))),
  };
}

Deno.test("example: both notebooks have the same code and the same outputs", () => {
  deepStrictEqual(read("report.ja.ipynb"), read("report.ipynb"));
});

jupyterTest(
  "example: examples/report.ipynb shows in Deno's kernel what is stored in it",
  async () => {
    const argv = [Deno.execPath(), "jupyter", "--kernel", "--conn", "{connection_file}"];
    const kernel = JSON.stringify({ argv, display_name: "Deno", language: "typescript" });
    using folder = new Folder({ "kernels/deno/kernel.json": kernel });
    const paths = ["../tests/examples/run_notebook.py", "report.ipynb", "."]
      .map((path) => fileURLToPath(new URL(path, EXAMPLES)));
    const { success, stdout, stderr } = await new Deno.Command(pythonWith("jupyter_client")!, {
      args: paths,
      env: { JUPYTER_PATH: folder.path, NO_COLOR: "1" }, // stored without colours
    }).output();
    const text = new TextDecoder();
    ok(success, text.decode(stderr));
    deepStrictEqual(JSON.parse(text.decode(stdout)), read("report.ipynb").outputs);
  },
);
