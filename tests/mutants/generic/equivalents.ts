/**
 * The mutants that no test can kill, and why: they compute the same, or differ in nothing that is
 * promised.
 *
 * @module
 */

/** Changes of one file that survive for the same reason. */
export interface Equivalent {
  /** Why they survive. */
  readonly reason: string;
  /** The changes as the runner shows them: place, code before and after. */
  readonly changes: readonly string[];
}

const OUT_OF_RANGE = "A write outside of a typed array has no effect.";

/** By file, as in targets.ts. */
export const EQUIVALENTS: Readonly<Record<string, readonly Equivalent[]>> = {
  "math/exp": [
    {
      reason:
        "Adding and subtracting any of these rounds a small number to an integer. Only halfway between two integers may it choose the other one; then r is as small, and the result as accurate.",
      changes: [
        "ROUND: const ROUND = 6755399441055744; → const ROUND = (6755399441055745);",
        "ROUND: const ROUND = 6755399441055744; → const ROUND = (6755399441055743);",
      ],
    },
    {
      reason: "One more power of two than is ever used, or a write outside of the array.",
      changes: [
        "POWERS_OF_TWO: const POWERS_OF_TWO = new Float64Array(538 + 513); → const POWERS_OF_TWO = new Float64Array((539) + 513);",
        "POWERS_OF_TWO: const POWERS_OF_TWO = new Float64Array(538 + 513); → const POWERS_OF_TWO = new Float64Array(538 + (514));",
        "file: k < POWERS_OF_TWO.length → k <= POWERS_OF_TWO.length",
      ],
    },
    {
      reason:
        "The lines that follow return NaN too; this line makes it explicit and saves the work.",
      changes: ["exp: if (Number.isNaN(x)) return x; → if (false) return x;"],
    },
    {
      reason: "So far out, the result is Infinity or 0 on both sides of the bound.",
      changes: [
        "exp: const t = x > 710 ? 710 : x < -746 ? -746 : x; → const t = x >= 710 ? 710 : x < -746 ? -746 : x;",
        "exp: const t = x > 710 ? 710 : x < -746 ? -746 : x; → const t = x > (711) ? 710 : x < -746 ? -746 : x;",
        "exp: const t = x > 710 ? 710 : x < -746 ? -746 : x; → const t = x > 710 ? 710 : x <= -746 ? -746 : x;",
        "exp: const t = x > 710 ? 710 : x < -746 ? -746 : x; → const t = x > 710 ? 710 : x < -(747) ? -746 : x;",
      ],
    },
    {
      reason:
        "|r| is at most 0.35. From r¹⁰/10! on, a relative change of 1/3,000,000 in a factor changes the sum by less than 2⁻⁵⁸, a thirtieth of an ulp.",
      changes: [
        "exp: p2 = (1 / 3628800 + r * (1 / 39916800)) + r2 * (1 / 479001600 + r * (1 / 6227020800)) → p2 = (1 / (3628801) + r * (1 / 39916800)) + r2 * (1 / 479001600 + r * (1 / 6227020800))",
        "exp: p2 = (1 / 3628800 + r * (1 / 39916800)) + r2 * (1 / 479001600 + r * (1 / 6227020800)) → p2 = (1 / (3628799) + r * (1 / 39916800)) + r2 * (1 / 479001600 + r * (1 / 6227020800))",
        "exp: p2 = (1 / 3628800 + r * (1 / 39916800)) + r2 * (1 / 479001600 + r * (1 / 6227020800)) → p2 = (1 / 3628800 + r * (1 / (39916801))) + r2 * (1 / 479001600 + r * (1 / 6227020800))",
        "exp: p2 = (1 / 3628800 + r * (1 / 39916800)) + r2 * (1 / 479001600 + r * (1 / 6227020800)) → p2 = (1 / 3628800 + r * (1 / (39916799))) + r2 * (1 / 479001600 + r * (1 / 6227020800))",
        "exp: p2 = (1 / 3628800 + r * (1 / 39916800)) + r2 * (1 / 479001600 + r * (1 / 6227020800)) → p2 = (1 / 3628800 + r * (1 / 39916800)) + r2 * (1 / (479001601) + r * (1 / 6227020800))",
        "exp: p2 = (1 / 3628800 + r * (1 / 39916800)) + r2 * (1 / 479001600 + r * (1 / 6227020800)) → p2 = (1 / 3628800 + r * (1 / 39916800)) + r2 * (1 / (479001599) + r * (1 / 6227020800))",
        "exp: p2 = (1 / 3628800 + r * (1 / 39916800)) + r2 * (1 / 479001600 + r * (1 / 6227020800)) → p2 = (1 / 3628800 + r * (1 / 39916800)) + r2 * (1 / 479001600 + r * (1 / (6227020801)))",
        "exp: p2 = (1 / 3628800 + r * (1 / 39916800)) + r2 * (1 / 479001600 + r * (1 / 6227020800)) → p2 = (1 / 3628800 + r * (1 / 39916800)) + r2 * (1 / 479001600 + r * (1 / (6227020799)))",
      ],
    },
    {
      reason:
        "Either way the product of the two powers of two is 2ⁿ, and the first multiplication is exact.",
      changes: ["exp: const half = Math.floor(n / 2); → const half = Math.ceil(n / 2);"],
    },
  ],
  "math/fma": [
    {
      reason: "Beyond the bounds, and on both sides of each, the slow way gives the same result.",
      changes: [
        "fma: size > MIN_PRODUCT && size < MAX && Math.abs(a) < MAX && Math.abs(b) < MAX → size >= MIN_PRODUCT && size < MAX && Math.abs(a) < MAX && Math.abs(b) < MAX",
        "fma: size > MIN_PRODUCT && size < MAX && Math.abs(a) < MAX && Math.abs(b) < MAX → size > MIN_PRODUCT && size <= MAX && Math.abs(a) < MAX && Math.abs(b) < MAX",
        "fma: size > MIN_PRODUCT && size < MAX && Math.abs(a) < MAX && Math.abs(b) < MAX → size > MIN_PRODUCT && size < MAX && Math.abs(a) <= MAX && Math.abs(b) < MAX",
        "fma: size > MIN_PRODUCT && size < MAX && Math.abs(a) < MAX && Math.abs(b) < MAX → size > MIN_PRODUCT && size < MAX && Math.abs(a) < MAX && Math.abs(b) <= MAX",
        "fma: Math.abs(c) < MAX → Math.abs(c) <= MAX",
        "fma: if (!safe) return rareFma(a, b, c); → if (true) return rareFma(a, b, c);",
        "MIN_PRODUCT: const MIN_PRODUCT = 2 ** -900, MAX = 2 ** 990; → const MIN_PRODUCT = (1) ** -900, MAX = 2 ** 990;",
        "MIN_PRODUCT: const MIN_PRODUCT = 2 ** -900, MAX = 2 ** 990; → const MIN_PRODUCT = 2 ** 900, MAX = 2 ** 990;",
        "MIN_PRODUCT: const MIN_PRODUCT = 2 ** -900, MAX = 2 ** 990; → const MIN_PRODUCT = 2 ** -(901), MAX = 2 ** 990;",
        "MIN_PRODUCT: const MIN_PRODUCT = 2 ** -900, MAX = 2 ** 990; → const MIN_PRODUCT = 2 ** -(899), MAX = 2 ** 990;",
        "MIN_PRODUCT: const MIN_PRODUCT = 2 ** -900, MAX = 2 ** 990; → const MIN_PRODUCT = 2 ** -900, MAX = 2 * 990;",
        "MIN_PRODUCT: const MIN_PRODUCT = 2 ** -900, MAX = 2 ** 990; → const MIN_PRODUCT = 2 ** -900, MAX = (1) ** 990;",
        "MIN_PRODUCT: const MIN_PRODUCT = 2 ** -900, MAX = 2 ** 990; → const MIN_PRODUCT = 2 ** -900, MAX = 2 ** (991);",
        "MIN_PRODUCT: const MIN_PRODUCT = 2 ** -900, MAX = 2 ** 990; → const MIN_PRODUCT = 2 ** -900, MAX = 2 ** (989);",
      ],
    },
    {
      reason: "Products and sums do not depend on the order of their operands.",
      changes: [
        "fma: if (!safe) return rareFma(a, b, c); → if (!safe) return rareFma(b, a, c);",
        "fma: const upper = c + error, upperError = sumError(c, error, upper); → const upper = c + error, upperError = sumError(error, c, upper);",
        "fma: const leading = product + upper, leadingError = sumError(product, upper, leading); → const leading = product + upper, leadingError = sumError(upper, product, leading);",
        "fma: const lost = sumError(leadingError, upperError, lower); → const lost = sumError(upperError, leadingError, lower);",
      ],
    },
    {
      reason: "The halves still have few enough bits for exact products.",
      changes: [
        "upperHalf: const shifted = x * 134217729; → const shifted = x * (134217730);",
        "upperHalf: const shifted = x * 134217729; → const shifted = x * (134217728);",
      ],
    },
    {
      reason: "A byte that is not used.",
      changes: [
        "bits: const bits = new DataView(new ArrayBuffer(8)); → const bits = new DataView(new ArrayBuffer((9)));",
      ],
    },
    {
      reason:
        "Bit 52 of the word is the last of the exponent; where it is set, the number is not denormal, and the leading bit is set anyway.",
      changes: [
        "parts: const fraction = word & (1n << 52n) - 1n, biased = Number(word >> 52n & 0x7ffn); → const fraction = word & (2n << 52n) - 1n, biased = Number(word >> 52n & 0x7ffn);",
        "parts: const fraction = word & (1n << 52n) - 1n, biased = Number(word >> 52n & 0x7ffn); → const fraction = word & (1n << 53n) - 1n, biased = Number(word >> 52n & 0x7ffn);",
      ],
    },
    {
      reason: "0n has no sign, and `nearest` is not called with it.",
      changes: [
        "parts: return { integer: x < 0 ? -size : size, exponent: Math.max(biased, 1) - 1075 }; → return { integer: x <= 0 ? -size : size, exponent: Math.max(biased, 1) - 1075 };",
        "nearest: const size = integer < 0n ? -integer : integer; → const size = integer <= 0n ? -integer : integer;",
        "nearest: const size = integer < 0n ? -integer : integer; → const size = integer < 1n ? -integer : integer;",
        "nearest: return integer < 0n ? -bits.getFloat64(0) : bits.getFloat64(0); → return integer <= 0n ? -bits.getFloat64(0) : bits.getFloat64(0);",
        "nearest: return integer < 0n ? -bits.getFloat64(0) : bits.getFloat64(0); → return integer < 1n ? -bits.getFloat64(0) : bits.getFloat64(0);",
      ],
    },
    {
      reason: "Either is infinity.",
      changes: [
        "nearest: const biased = Math.min(exponent + dropped + 1074, 0x7fe); → const biased = Math.min(exponent + dropped + 1074, (2047));",
        "nearest: bits.setBigUint64(0, word < INFINITY ? word : INFINITY); → bits.setBigUint64(0, word <= INFINITY ? word : INFINITY);",
      ],
    },
  ],
  "math/log": [
    {
      reason: "At the edge, both ways give the same double; it is one of the points of the test.",
      changes: [
        "log: return x >= NEAR_1_MIN && x < NEAR_1_END ? logNear1(x) : logByTable(x); → return x > NEAR_1_MIN && x < NEAR_1_END ? logNear1(x) : logByTable(x);",
        "log: return x >= NEAR_1_MIN && x < NEAR_1_END ? logNear1(x) : logByTable(x); → return x >= NEAR_1_MIN && x <= NEAR_1_END ? logNear1(x) : logByTable(x);",
      ],
    },
    {
      reason: "Products do not depend on the order of their factors.",
      changes: [
        "logNear1: const p4 = fma(r3, p7, fma(r2, B[6], fma(r, B[5], B[4]))); → const p4 = fma(p7, r3, fma(r2, B[6], fma(r, B[5], B[4])));",
        "logNear1: const p1 = fma(r3, p4, fma(r2, B[3], fma(r, B[2], B[1]))); → const p1 = fma(p4, r3, fma(r2, B[3], fma(r, B[2], B[1])));",
        "logNear1: return fma(r3, p1, low) + high; → return fma(p1, r3, low) + high;",
        "logByTable: const r = fma(z, inverse, -1), r2 = r * r; → const r = fma(inverse, z, -1), r2 = r * r;",
        "logByTable: const high = w + r, low = fma(k, LN2_LOW, (w - high) + r); → const high = w + r, low = fma(LN2_LOW, k, (w - high) + r);",
      ],
    },
    {
      reason: "h has few enough bits for an exact square either way.",
      changes: [
        "logNear1: const shifted = r * 134217728; → const shifted = r * (134217729);",
        "logNear1: const shifted = r * 134217728; → const shifted = r * (134217727);",
      ],
    },
    {
      reason: "A byte that is not used.",
      changes: [
        "bits: const bits = new DataView(new ArrayBuffer(8)); → const bits = new DataView(new ArrayBuffer((9)));",
      ],
    },
    {
      reason: "Multiplying a number below 1 by 2⁵² is exact, so k and z are the same.",
      changes: [
        "logByTable: const denormal = x < 2.2250738585072014e-308; → const denormal = x <= 2.2250738585072014e-308;",
        "logByTable: const denormal = x < 2.2250738585072014e-308; → const denormal = x < (1);",
      ],
    },
  ],
  "math/format_matrix": [
    {
      reason: "An undefined index is NaN in a sum, and the entry there is undefined too.",
      changes: [
        "formatMatrix: columnIndices.map((j) => j === undefined ? j : data[i * columns + j]!) → columnIndices.map((j) => false ? j : data[i * columns + j]!)",
      ],
    },
  ],
  "math/matrix": [
    {
      reason: "A list without rows is refused for the number of its rows first.",
      changes: [
        "fromRows: const columns = rows[0]?.length ?? 0; → const columns = rows[0]?.length ?? (1);",
        "fromRows: const columns = rows[0]?.length ?? 0; → const columns = rows[0]?.length ?? (-1);",
      ],
    },
    {
      reason: OUT_OF_RANGE,
      changes: [
        "multiply: i < this.rows → i <= this.rows",
        "transposed: for (let j = 0; j < columns; j++) transposed[j * rows + i] = data[i * columns + j]!; → for (let j = 0; j <= columns; j++) transposed[j * rows + i] = data[i * columns + j]!;",
        "plusColumn: i < rows → i <= rows",
        "rowSums: i < rows → i <= rows",
      ],
    },
    {
      reason: "A value that is written too early is overwritten later.",
      changes: [
        "transposed: let i = 0 → let i = (-1)",
        "transposed: for (let j = 0; j < columns; j++) transposed[j * rows + i] = data[i * columns + j]!; → for (let j = (-1); j < columns; j++) transposed[j * rows + i] = data[i * columns + j]!;",
      ],
    },
    {
      reason:
        "Reading beyond the last row gives undefined, and no comparison with undefined is true.",
      changes: [
        "columnMaxima: let i = 1, p = columns → let i = (0), p = columns",
        "columnMaxima: i < rows → i <= rows",
      ],
    },
    {
      reason: "If two numbers are equal, either is the maximum.",
      changes: [
        "columnMaxima: for (let j = 0; j < columns; j++, p++) if (data[p]! > maxima[j]!) maxima[j] = data[p]!; → for (let j = 0; j < columns; j++, p++) if (data[p]! >= maxima[j]!) maxima[j] = data[p]!;",
      ],
    },
  ],
  "random/mt19937": [
    {
      reason: "The lowest bits of a shifted word are 0, with or without the mask.",
      changes: [
        "nextUint32: y ^= (y << 7) & 0x9d2c5680; → y ^= (y << 7) & (2636928641);",
        "nextUint32: y ^= (y << 15) & 0xefc60000; → y ^= (y << 15) & (4022730753);",
      ],
    },
    {
      reason: OUT_OF_RANGE,
      changes: [
        "seedByNumber: i < LENGTH → i <= LENGTH",
        "renew: let i = 0 → let i = (-1)",
        "renew: i < LENGTH → i <= LENGTH",
      ],
    },
  ],
  "random/random_state": [
    {
      reason: "This state is overwritten immediately.",
      changes: [
        "fromState: const random = new RandomState(0); → const random = new RandomState((1));",
      ],
    },
    {
      reason: "An item is swapped with itself, which uses no random word.",
      changes: ["shuffle: i > 0 → i >= 0", "shuffle: i > 0 → i > (-1)"],
    },
    {
      reason:
        "No known seed draws exactly the centre of the disc (one pair in 2¹⁰⁶) or a point on its edge.",
      changes: [
        "#standardNormal: r2 > 0 && r2 < 1 → r2 >= 0 && r2 < 1",
        "#standardNormal: r2 > 0 && r2 < 1 → r2 > (-1) && r2 < 1",
        "#standardNormal: r2 > 0 && r2 < 1 → r2 > 0 && r2 <= 1",
      ],
    },
  ],
  "formats/crc32": [
    {
      reason: "A remainder that no byte uses.",
      changes: ["TABLE: { length: 256 } → { length: (257) }"],
    },
  ],
  "formats/inflate": [
    {
      reason:
        "How much is inflated at a time, and how early surplus bytes are found, does not change the result.",
      changes: [
        "STEP: const STEP = 32_768; → const STEP = (32769);",
        "STEP: const STEP = 32_768; → const STEP = (32767);",
        "MAX_SILENT_STEPS: const MAX_SILENT_STEPS = 3; → const MAX_SILENT_STEPS = (4);",
        "inflate: let at = 0, silent = 0 → let at = 0, silent = (-1)",
        "inflate: silent = filled > before ? 0 : silent + 1; → silent = filled > before ? (-1) : silent + 1;",
      ],
    },
  ],
  "formats/nd_array": [
    {
      reason: "The special case for numbers is only faster.",
      changes: [
        "toFloat64: data instanceof BigInt64Array || data instanceof BigUint64Array → true",
      ],
    },
  ],
  "formats/npy": [
    {
      reason: "The machines that run the tests are little-endian.",
      changes: [
        'NATIVE: const NATIVE = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1 ? "<" : ">"; → const NATIVE = true ? "<" : ">";',
      ],
    },
    {
      reason:
        "Reversing the bytes of a one-byte number, or visiting them in their own order, is a copy.",
      changes: [
        "readNpy: const swapped = size > 1 && order !== NATIVE; → const swapped = size >= 1 && order !== NATIVE;",
        "readNpy: const swapped = size > 1 && order !== NATIVE; → const swapped = size > (0) && order !== NATIVE;",
        "arrange: !swapped && !(fortranOrder && shape.length > 1) → false",
        "arrange: !swapped && !(fortranOrder && shape.length > 1) → !swapped && !(fortranOrder || shape.length > 1)",
        "arrange: !swapped && !(fortranOrder && shape.length > 1) → !swapped && !(fortranOrder && shape.length >= 1)",
        "arrange: !swapped && !(fortranOrder && shape.length > 1) → !swapped && !(fortranOrder && shape.length > (0))",
      ],
    },
    {
      reason: "A stride that is never read.",
      changes: ["arrange: k < shape.length → k <= shape.length"],
    },
    {
      reason: `${OUT_OF_RANGE} Inside, a value that is written too early is overwritten later.`,
      changes: [
        "arrange: to < values.length → to <= values.length",
        "arrange: for (let i = 0; i < size; i++) values[to + i] = file[from + (i ^ flip)]!; → for (let i = 0; i <= size; i++) values[to + i] = file[from + (i ^ flip)]!;",
        "arrange: k >= 0 → k >= (-1)",
      ],
    },
  ],
  "formats/npy_header": [
    {
      reason:
        "A few spaces more or less fill the same 128 bytes, which every header of zero or one dimension has.",
      changes: [
        "writeNpyHeader: const room = shape.length === 0 ? 0 : 21 - String(shape[0]).length; → const room = false ? 0 : 21 - String(shape[0]).length;",
        "writeNpyHeader: const room = shape.length === 0 ? 0 : 21 - String(shape[0]).length; → const room = shape.length === (1) ? 0 : 21 - String(shape[0]).length;",
        "writeNpyHeader: const room = shape.length === 0 ? 0 : 21 - String(shape[0]).length; → const room = shape.length === (-1) ? 0 : 21 - String(shape[0]).length;",
        "writeNpyHeader: const room = shape.length === 0 ? 0 : 21 - String(shape[0]).length; → const room = shape.length === 0 ? (1) : 21 - String(shape[0]).length;",
      ],
    },
    {
      reason: "Reading behind the last character gives undefined, which is not a space.",
      changes: [
        '#skipSpace: this.#at < this.#text.length && " \\t\\r\\n".includes(this.#text[this.#at]!) → this.#at <= this.#text.length && " \\t\\r\\n".includes(this.#text[this.#at]!)',
      ],
    },
  ],
  "formats/zip/end_records": [
    {
      reason: "There is no byte before the first.",
      changes: [
        "findEndRecord: const first = Math.max(0, last - MAX_COMMENT_LENGTH); → const first = Math.max((-1), last - MAX_COMMENT_LENGTH);",
      ],
    },
    {
      reason: "The fifth byte exists, as the record has 22, and is not read.",
      changes: [
        "findEndRecord: bytes[at] !== 0x50 || viewOf(bytes, at, 4).getUint32(0, true) !== END.signature → bytes[at] !== 0x50 || viewOf(bytes, at, (5)).getUint32(0, true) !== END.signature",
      ],
    },
  ],
  "formats/zip/zip": [
    {
      reason: "A shift by 0 is the same in both directions.",
      changes: ["ENCRYPTED: const ENCRYPTED = 1 << 0; → const ENCRYPTED = 1 >> 0;"],
    },
    {
      reason: "A single byte 0x80 is not valid UTF-8, which is rejected with the same message.",
      changes: [
        "decodeName: const sure = flags & UTF8 || name.every((byte) => byte < 0x80); → const sure = flags & UTF8 || name.every((byte) => byte <= 0x80);",
        "decodeName: const sure = flags & UTF8 || name.every((byte) => byte < 0x80); → const sure = flags & UTF8 || name.every((byte) => byte < (129));",
      ],
    },
  ],
  "formats/zip/zip_records": [
    {
      reason: "0 is 0 in either byte order.",
      changes: [
        "readDirectoryEntry: view.getUint16(34, true) !== 0 → view.getUint16(34, false) !== 0",
      ],
    },
    {
      reason: "The fifth byte exists, because the end record comes last, and is not read.",
      changes: [
        "readDescriptor: const signed = viewOf(bytes, at, 4).getUint32(0, true) === DESCRIPTOR_SIGNATURE; → const signed = viewOf(bytes, at, (5)).getUint32(0, true) === DESCRIPTOR_SIGNATURE;",
        "zip64Extra: const head = at + 4 <= extras.length ? viewOf(extras, at, 4) : undefined; → const head = at + 4 <= extras.length ? viewOf(extras, at, (5)) : undefined;",
      ],
    },
  ],
  "data/dataset": [
    {
      reason: "Before and after the labels both are undefined, and equal.",
      changes: ["ofNumbers: let i = 0 → let i = (-1)", "ofNumbers: i < count → i <= count"],
    },
    {
      reason: "The value of a byte that does not exist.",
      changes: [
        "PIXEL_VALUES: const PIXEL_VALUES: Float64Array = new Float64Array(256).map((_, byte) => byte / 255) → const PIXEL_VALUES: Float64Array = new Float64Array((257)).map((_, byte) => byte / 255)",
      ],
    },
    {
      reason: "No label is below 0, and there is at least one label.",
      changes: [
        '#create: const classes = dim("classes", labels.reduce((max, label) => Math.max(max, label), 0) + 1) → const classes = dim("classes", labels.reduce((max, label) => Math.max(max, label), (-1)) + 1)',
      ],
    },
    {
      reason: `${OUT_OF_RANGE} Inside, a value that is written too early is overwritten later.`,
      changes: [
        "batch: let j = 0 → let j = (-1)",
        "batch: for (let i = 0; i < D; i++) X.data[i * B + j] = PIXEL_VALUES[this.pixels[image + i]!]!; → for (let i = (-1); i < D; i++) X.data[i * B + j] = PIXEL_VALUES[this.pixels[image + i]!]!;",
        "batch: for (let i = 0; i < D; i++) X.data[i * B + j] = PIXEL_VALUES[this.pixels[image + i]!]!; → for (let i = 0; i <= D; i++) X.data[i * B + j] = PIXEL_VALUES[this.pixels[image + i]!]!;",
      ],
    },
  ],
  "training/classify": [
    {
      reason: "A number is not greater than itself, and no comparison with undefined is true.",
      changes: [
        "argmax: let i = 1 → let i = (0)",
        "argmax: i < rows → i <= rows",
      ],
    },
    {
      reason: "The label is not used.",
      changes: [
        "classify: const single = Dataset.of(image, image.pixels, Uint8Array.of(0)); → const single = Dataset.of(image, image.pixels, Uint8Array.of((1)));",
        "classify: const single = Dataset.of(image, image.pixels, Uint8Array.of(0)); → const single = Dataset.of(image, image.pixels, Uint8Array.of((-1)));",
      ],
    },
  ],
};
