// A matrix as text, for `console.log` and `toString`, and as a heat map, for notebooks.

/** A matrix, which matrix.ts prints by this file. */
interface Printable {
  readonly rows: number;
  readonly columns: number;
  readonly data: Float64Array;
}

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

/** The most rows and columns that are drawn, and the width and height in pixels to fill. */
const MAX_CELLS = 1000, WIDTH = 560, HEIGHT = 280;

/** The colour of 0; blue comes before, orange after, as in images of weights. NaN is cast to 0. */
const ZERO = 128, LEVELS = 127, GREY = [128, 128, 128];

const PALETTE = Array.from({ length: 256 }, (_, i) => {
  const share = Math.abs(i - ZERO) / LEVELS, colour = i < ZERO ? [31, 119, 200] : [226, 88, 16];
  return i === 0 ? GREY : colour.map((channel) => Math.round(255 + (channel - 255) * share));
});

/** The matrix as a BMP image, which needs neither compression nor checksums, with a caption. */
export function heatMap({ rows, columns, data }: Printable): string {
  const sorted = data.filter(Number.isFinite).sort(), [min = 0] = sorted, max = sorted.at(-1) ?? 0;
  const scale = Math.max(-min, max) || 1;
  const height = Math.min(rows, MAX_CELLS), width = Math.min(columns, MAX_CELLS);
  const start = 54 + 4 * PALETTE.length, stride = 4 * Math.ceil(width / 4);
  const bytes = new Uint8Array(start + stride * height), view = new DataView(bytes.buffer);
  const header = [bytes.length, 0, start, 40, width, -height, 1 | 8 << 16]; // rows from the top
  bytes.set([0x42, 0x4d]); // BM
  header.forEach((value, i) => view.setInt32(2 + 4 * i, value, true));
  PALETTE.forEach(([red, green, blue], i) => bytes.set([blue!, green!, red!], 54 + 4 * i));
  for (let i = 0; i < height; i++) {
    for (let j = 0; j < width; j++) {
      const level = Math.max(-1, Math.min(1, data[i * columns + j]! / scale));
      bytes[start + i * stride + j] = ZERO + Math.round(LEVELS * level);
    }
  }
  const zoom = Math.max(1, Math.min(24, Math.floor(Math.min(WIDTH / width, HEIGHT / height))));
  const size = `width="${zoom * width}" height="${zoom * height}"`;
  const source = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  const drawn = height * width < rows * columns ? `, the first ${height}x${width} entries` : "";
  const caption = `Matrix ${rows}x${columns}, ${min.toPrecision(4)} to ${
    max.toPrecision(4)
  }${drawn}`;
  return `<figure><img alt="" ${size} style="image-rendering: pixelated" \
src="data:image/bmp;base64,${source}"><figcaption>${caption}</figcaption></figure>`;
}
