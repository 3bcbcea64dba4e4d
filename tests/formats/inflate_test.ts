/** Inflating: every kind of block, what is rejected, and where it stops. */
import { deepStrictEqual, ok, throws } from "node:assert/strict";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import fc from "fast-check";
import { FormatError } from "../../lib/formats/format_error.ts";
import { inflate as inflateWith } from "../../lib/formats/inflate.ts";
import { nativeZlib } from "../../lib/formats/native_zlib.ts";
import { concat, words } from "../helpers/zip_builder.ts";

const MIB = 1024 * 1024;
const CONTENTS = Uint8Array.from({ length: 300 }, (_, i) => i % 7);
const PACKED: Uint8Array = deflateRawSync(CONTENTS);

/** Bytes of numbers, each with how many bits it takes, its lowest bit first. */
function bits(...fields: (readonly [value: number, count: number])[]): Uint8Array {
  const all = fields.flatMap(([value, count]) =>
    Array.from({ length: count }, (_, i) => value >> i & 1)
  );
  return Uint8Array.from(
    { length: Math.ceil(all.length / 8) },
    (_, i) => all.slice(8 * i, 8 * i + 8).reduce((byte, bit, k) => byte | bit << k, 0),
  );
}

/** A stored block, the last one of its stream or not. */
const stored = (last: boolean, data: Uint8Array) =>
  concat([Uint8Array.of(Number(last)), words([2, data.length], [2, data.length ^ 0xffff]), data]);

/** The lengths of a dynamic block: counts of literals, distances and code lengths, then those. */
const dynamic = (literals: number, distances: number, ...lengths: number[]) =>
  [
    [1, 1],
    [2, 2],
    [literals - 257, 5],
    [distances - 1, 5],
    [lengths.length - 4, 4],
    ...lengths.map((length) => [length, 3] as const),
  ] as const;

/** The result, or undefined after an error, which must be of that kind. */
function unlessRefused<T>(action: () => T, kind: { new (...args: never): Error } = Error) {
  try {
    return action();
  } catch (error) {
    ok(error instanceof kind, `raised ${error}`);
    return undefined;
  }
}

/** A dynamic block whose only symbol is its end, and whose distance codes have these lengths. */
const endAlone = (...distances: (0 | 1)[]) => {
  // one bit each for the code lengths 0 and 1, which are the fourth and the 18th in order
  const codes = [0, 0, 0, 1, ...new Array<number>(13).fill(0), 1];
  const lengths = [...new Array<number>(256).fill(0), 1, ...distances];
  return [
    ...dynamic(257, distances.length, ...codes),
    ...lengths.map((length) => [length, 1] as const),
  ];
};

/** The function with one of the two inflaters, and how it refuses. */
interface Tested {
  readonly inflate: typeof inflateWith;
  readonly refuses: (data: Uint8Array, size: number, reason: string) => void;
}

/** A test of both: the system's zlib, if there is one, and fflate. */
function inflateTest(name: string, test: (tested: Tested) => void): void {
  const fn = () => {
    for (const zlib of new Set([nativeZlib, null])) {
      const inflate: typeof inflateWith = (data, size, subject) =>
        inflateWith(data, size, subject, zlib);
      const refuses = (data: Uint8Array, size: number, reason: string) =>
        throws(() => inflate(data, size, "data"), {
          name: "FormatError",
          message: `Cannot read data: ${reason}`,
        });
      test({ inflate, refuses });
    }
  };
  Deno.test(name, fn);
}

inflateTest("example: inflate() reads stored blocks, up to the longest", ({ inflate }) => {
  // the short block fills the first step to its last byte; the long one yields nothing in two steps
  const [short, long] = [new Uint8Array(32_763).fill(1), new Uint8Array(65_535).fill(2)];
  deepStrictEqual(inflate(stored(true, long), long.length, "data"), long);
  deepStrictEqual(inflate(stored(true, short), short.length, "data"), short);
  const data = concat([stored(false, short), stored(true, long)]);
  deepStrictEqual(inflate(data, short.length + long.length, "data"), concat([short, long]));
  deepStrictEqual(inflate(stored(true, new Uint8Array()), 0, "data"), new Uint8Array());
});

inflateTest(
  "example: inflate() reads a fixed block that repeats itself",
  ({ inflate }) => {
    // literal 65 (code 0x71, highest bit first), length 258 at distance 1, end of block
    const reversed = (code: number, count: number) =>
      parseInt(code.toString(2).padStart(count, "0").split("").reverse().join(""), 2);
    const data = bits(
      [1, 1],
      [1, 2],
      [reversed(0x30 + 65, 8), 8],
      [reversed(0xc5, 8), 8],
      [0, 5],
      [0, 7],
    );
    deepStrictEqual(inflate(data, 259, "data"), new Uint8Array(259).fill(65));
  },
);

inflateTest(
  "reference: inflate() inverts zlib's deflate, at every level and strategy",
  ({ inflate }) => {
    // noise; few values; one value; and few values of very different frequencies, which have codes
    // of up to 15 bits
    const kinds = [
      (x: number) => x >>> 24,
      (x: number) => x >>> 30,
      () => 0,
      (x: number) => Math.clz32(x),
    ];
    let word = 601;
    for (const kind of kinds) {
      const contents = Uint8Array.from({ length: 200_000 }, () => {
        word = Math.imul(word, 1664525) + 1013904223; // Numerical Recipes' generator
        return kind(word);
      });
      for (const level of [0, 1, 6, 9]) {
        for (const strategy of [0, 1, 2, 3, 4]) {
          const data = deflateRawSync(contents, { level, strategy });
          deepStrictEqual(inflate(data, contents.length, "noise"), contents);
        }
      }
    }
  },
);

inflateTest(
  "law: inflate() accepts what zlib accepts, with the same result, and raises nothing but FormatError",
  ({ inflate }) => {
    const edits = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 3 });
    const contents = fc.uint8Array({ maxLength: 400, max: 20 });
    const options = fc.record({
      level: fc.constantFrom(0, 1, 6),
      strategy: fc.constantFrom(0, 2, 4),
    });
    const edited = fc.tuple(contents, options, edits).map(([contents, options, edits]) => {
      const data = Uint8Array.from(deflateRawSync(contents, options));
      for (const [at, byte] of edits) data[at % data.length] = byte;
      return data;
    });
    fc.assert(
      fc.property(fc.oneof(edited, fc.uint8Array({ maxLength: 60 })), (data) => {
        const expected = unlessRefused(() => inflateRawSync(data)) as Uint8Array | undefined;
        // zlib ignores what follows the end; it refuses more kinds of damage than fflate
        const whole = expected !== undefined &&
          unlessRefused(() => inflateRawSync(data.subarray(0, -1))) === undefined;
        const size = expected?.length ?? CONTENTS.length;
        const found = unlessRefused(() => inflate(data, size, "data"), FormatError);
        if (expected !== undefined) {
          deepStrictEqual(found, whole ? Uint8Array.from(expected) : undefined);
        }
      }),
      { numRuns: 5000 },
    );
  },
);

inflateTest(
  "example: inflate() refuses data that comes to less or more than declared",
  ({ refuses }) => {
    for (const size of [301, 1000]) {
      refuses(PACKED, size, `compressed data inflates to 300 bytes, ${size} are declared`);
    }
    const noise = deflateRawSync(Uint8Array.from({ length: 300 }, (_, i) => i * i));
    const twoBlocks = concat([
      stored(false, CONTENTS.subarray(0, 200)),
      stored(true, CONTENTS.subarray(200)),
    ]);
    const literals = deflateRawSync(CONTENTS, { strategy: 2 }); // without repetitions
    for (const data of [PACKED, noise, literals, stored(true, CONTENTS), twoBlocks]) {
      for (const size of [299, 1, 0]) {
        refuses(data, size, `compressed data inflates to more than the declared ${size} bytes`);
      }
    }
  },
);

inflateTest(
  "example: inflate() refuses at once a size that deflate cannot reach",
  ({ refuses }) => {
    const empty = Uint8Array.of(3, 0);
    refuses(empty, 2 * 1032 + 1, "2 compressed bytes cannot hold the declared 2065");
    refuses(empty, 2 * 1032, "compressed data inflates to 0 bytes, 2064 are declared");
    refuses(empty.subarray(1), 0, "1 compressed bytes cannot hold the declared 0");
  },
);

inflateTest(
  "example: inflate() refuses data that is cut short, wherever",
  ({ refuses }) => {
    const reason = "compressed data is damaged or cut short";
    const noise: Uint8Array = deflateRawSync(
      Uint8Array.from({ length: 3000 }, (_, i) => (i * i * i) >> 5),
    );
    for (const [data, size] of [[noise, 3000], [stored(true, CONTENTS), 300]] as const) {
      for (let length = 2; length < data.length; length++) {
        if (size > length * 1032) continue;
        refuses(data.subarray(0, length), size, reason);
      }
    }
    // another block is missing, after one that fills the first step to its last byte
    refuses(stored(false, new Uint8Array(32_763)), 32_763, reason);
  },
);

inflateTest(
  "example: inflate() refuses bytes after the end, few or many, and reads only a few",
  ({ refuses }) => {
    for (const packed of [PACKED, stored(true, CONTENTS)]) {
      for (const surplus of [1, 20, 32 * MIB]) {
        const data = concat([packed, new Uint8Array(surplus)]);
        let read = 0;
        data.subarray = (start, end) => {
          read += data.slice(start, end).length;
          return data.slice(start, end);
        };
        refuses(data, CONTENTS.length, "bytes follow the end of the compressed data");
        ok(read < MIB, `${read} bytes read`);
      }
    }
  },
);

inflateTest("example: inflate() stops where the declared size ends", ({ inflate, refuses }) => {
  const bomb = Uint8Array.from(deflateRawSync(new Uint8Array(64 * MIB)));
  bomb[bomb.length - 1000]! ^= 0xff; // going on would meet this
  throws(() => inflate(bomb, 64 * MIB, "bomb"), /damaged|inflates|follow/);
  refuses(bomb, 1000, "compressed data inflates to more than the declared 1000 bytes");
});

inflateTest("example: inflate() refuses damaged blocks", ({ inflate, refuses }) => {
  const damaged = (data: Uint8Array) =>
    refuses(concat([data, new Uint8Array(8)]), 300, "compressed data is damaged or cut short");
  damaged(Uint8Array.of(0x07));
  // a repetition of what was never written; symbols without a meaning: length 286, distance 30
  damaged(bits([1, 1], [1, 2], [0b1000000, 7], [0, 5]));
  damaged(bits([1, 1], [1, 2], [0b01100011, 8]));
  damaged(bits([1, 1], [1, 2], [0b1000000, 7], [0b01111, 5]));
  // 18 repeats 0 up to 138 times: no code is left for the end of the block
  const zeros = [[1, 1], [127, 7]] as const;
  damaged(
    bits(...dynamic(257, 1, 0, 0, 1, 1), ...zeros, [1, 1], [109, 7]),
  );
  deepStrictEqual(inflate(bits(...endAlone(0), [0, 1]), 0, "data"), new Uint8Array());
  damaged(bits(...endAlone(0), [1, 1]));
});

Deno.test("example: inflate() with fflate accepts damage that does not matter, which zlib refuses", () => {
  const accepts = (data: Uint8Array, contents: Uint8Array) => {
    throws(() => inflateRawSync(data), { code: "Z_DATA_ERROR" });
    deepStrictEqual(inflateWith(data, contents.length, "data", null), contents);
  };
  // the length of a stored block without its complement
  accepts(Uint8Array.of(1, 1, 0, 0, 0, 7), Uint8Array.of(7));
  // three distances with codes of one bit, which no symbol uses
  accepts(bits(...endAlone(1, 1, 1), [0, 1]), new Uint8Array());
});
