// Read a NumPy file: the parameters that the report's program saved with np.savez.
//
//   deno run --allow-read examples/read_numpy.ts [FILE.npz]
import { dim, FormatError, Matrix, type NdArray, readNpz, toFloat64 } from "@sanso/sanso";
import { fileURLToPath } from "node:url";

const sample = new URL("../fixtures/parameter.npz", import.meta.url);
const [file = fileURLToPath(sample)] = Deno.args;

let arrays: Map<string, NdArray>;
try {
  arrays = readNpz(Deno.readFileSync(file)); // readNpy reads an npy file, which holds one array
} catch (error) {
  if (!(error instanceof FormatError)) throw error;
  console.error(`${file}: ${error.message}`);
  Deno.exit(1);
}

for (const [name, array] of arrays) {
  console.log(`${name}: ${array.data.constructor.name} of shape (${array.shape.join(", ")})`);
  const [rows, columns] = array.shape;
  if (rows === undefined || columns === undefined || array.shape.length > 2) continue;
  // sizes known only at run time need names, by which the type checker distinguishes them
  const matrix = Matrix.of(dim("rows", rows), dim("columns", columns), toFloat64(array));
  console.log(matrix);
}
