// The text of a matrix, for `console.log` and `toString`.

/** A matrix, which matrix.ts prints by this file. */
interface Printable {
  readonly rows: number;
  readonly columns: number;
  readonly data: ArrayLike<number>;
}

/** Decimals of an entry, at most. */
const MAX_DECIMALS = 4;
/** A longer axis is shortened to its first and last EDGE_ITEMS entries, as in NumPy. */
const MAX_ITEMS = 10, EDGE_ITEMS = 3;

/** A matrix's shape, and below it its rows, as NumPy prints them. */
export function formatMatrix({ rows, columns, data }: Printable): string {
  const columnIndices = printedIndices(columns);
  const printed = printedIndices(rows).map((i) =>
    i === undefined
      ? undefined
      : columnIndices.map((j) => j === undefined ? j : data[i * columns + j]!)
  );
  const format = numberFormat(printed.flat().filter((x) => x !== undefined));
  const lines = printed.map((row) =>
    row === undefined ? "..." : `[${row.map((x) => x === undefined ? "..." : format(x)).join(" ")}]`
  );
  return `Matrix ${rows}x${columns}\n[${lines.join("\n ")}]`;
}

/** The indices of the entries to print; undefined stands for those left out. */
function printedIndices(size: number): (number | undefined)[] {
  const all = Array.from({ length: size }, (_, i) => i);
  return size <= MAX_ITEMS
    ? all
    : [...all.slice(0, EDGE_ITEMS), undefined, ...all.slice(-EDGE_ITEMS)];
}

/** One format for all numbers: as many decimals as they need, up to four, of one width. */
function numberFormat(numbers: readonly number[]): (x: number) => string {
  const sizes = numbers.map(Math.abs).filter((x) => x > 0 && x < Infinity);
  const exponential = sizes.some((x) => x < 1e-4 || x >= 1e6);
  const write = (x: number, decimals: number) =>
    exponential ? x.toExponential(decimals) : x.toFixed(decimals);
  let decimals = MAX_DECIMALS;
  const same = (x: number) => Number(write(x, decimals - 1)) === Number(write(x, MAX_DECIMALS));
  while (decimals > 0 && numbers.every((x) => !Number.isFinite(x) || same(x))) decimals--;
  const width = Math.max(...numbers.map((x) => write(x, decimals).length));
  return (x) => write(x, decimals).padStart(width);
}
