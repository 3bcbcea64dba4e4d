// Back-propagation and the update: `backward` of lib/network/network.ts with lib/network/sgd.ts.
// Each row of parameters is updated as soon as its gradient is known: no gradient is stored whole.
import { sumRows, updateListed, updateRow } from "./accumulate_rows";
import { denseUpdate } from "./dense";
import { BLOCK_WIDTH, blockCount, engine, ROW_BYTES, startOfPart, zeros } from "./memory";
import { mul, splat, sub } from "./vector";

/** dY1 = W2ᵀ dA2, dA1 = dY1 (1 - Y1) Y1, for the images from `first` to `end - 1` */
export function hiddenGradients(first: u32, end: u32): void {
  const K = engine.K;
  const one = splat(1);
  let w = engine.W2;
  for (let m: u32 = 0; m < engine.M; m += BLOCK_WIDTH, w += K * ROW_BYTES) {
    const skipped = (m / BLOCK_WIDTH * engine.B + first) * ROW_BYTES;
    let to = engine.dA1 + skipped, y = engine.Y1 + skipped;
    let d = engine.A2 + first * blockCount(K) * ROW_BYTES;
    for (let b = first; b < end; b++, d += blockCount(K) * ROW_BYTES) {
      sumRows(to, zeros, w, d, K);
      for (const end = to + ROW_BYTES; to < end; to += 16, y += 16) {
        v128.store(to, mul(mul(v128.load(to), sub(one, v128.load(y))), v128.load(y)));
      }
    }
  }
}

/** The number of chunks of `update`. */
@inline
export function updateChunks(): u32 {
  return blockCount(engine.M) * (engine.pixelRanges + blockCount(engine.K));
}

/** Updates parameters between hidden units and pixels, or hidden units and classes. */
export function update(chunk: u32, rate: f64): void {
  const chunksPerBlock = engine.pixelRanges + blockCount(engine.K);
  const block = chunk / chunksPerBlock, part = chunk % chunksPerBlock;
  if (part < engine.pixelRanges) updateFirstLayer(block, part, rate);
  else updateSecondLayer(block, part - engine.pixelRanges, rate);
}

/** W2 -= rate · dA2 Y1ᵀ in a block, and b2 -= rate · rowSum(dA2) with the first hidden block */
function updateSecondLayer(hiddenBlock: u32, classBlock: u32, rate: f64): void {
  const K = engine.K, B = engine.B, dA2T = engine.dA2T;
  const first = classBlock * BLOCK_WIDTH, end = min(first + BLOCK_WIDTH, K);
  const y = engine.Y1 + hiddenBlock * B * ROW_BYTES;
  for (let k = first; k < end; k++) {
    updateRow(engine.W2 + (hiddenBlock * K + k) * ROW_BYTES, rate, y, dA2T + (k * B << 3), B);
  }
  if (hiddenBlock != 0) return;
  for (let k = first; k < end; k++) {
    let sum: f64 = 0;
    for (let d = dA2T + (k * B << 3), end = d + (B << 3); d < end; d += 8) sum += load<f64>(d);
    const b = engine.b2 + (k << 3);
    store<f64>(b, load<f64>(b) - rate * sum);
  }
}

/** W1 -= rate · dA1 Xᵀ in a block, and as row D of W1 b1 -= rate · rowSum(dA1) */
function updateFirstLayer(hiddenBlock: u32, range: u32, rate: f64): void {
  if (engine.isDense) return updateDense(hiddenBlock, range, rate);
  const starts = engine.pixelStarts, list = engine.pixelEntries;
  const first = rangeStart(range), end = rangeStart(range + 1);
  const d = engine.dA1 + hiddenBlock * engine.B * ROW_BYTES;
  let w = engine.W1 + (hiddenBlock * (engine.D + 1) + first) * ROW_BYTES;
  for (let pixel = first; pixel < end; pixel++, w += ROW_BYTES) {
    const start = load<u32>(starts + (pixel << 2)), end = load<u32>(starts + (pixel << 2), 4);
    // a pixel that is 0 in every image of the batch: W - rate · 0 is W
    if (start == end) continue;
    updateListed(w, rate, d, list + (start << 2), list + (end << 2));
  }
}

/** The same without lists, for the rows of pairs of pixels. */
function updateDense(hiddenBlock: u32, range: u32, rate: f64): void {
  const pairs = (engine.D + 2) / 2; // of the D pixels and of b1
  const end = startOfPart(pairs, range + 1, engine.pixelRanges);
  for (let pair = startOfPart(pairs, range, engine.pixelRanges); pair < end; pair++) {
    denseUpdate(hiddenBlock, 2 * pair, rate);
  }
}

/** The first pixel of a range: each has about the same share of the entries of the lists. */
function rangeStart(range: u32): u32 {
  const pixelRanges = engine.pixelRanges, D = engine.D, pixelStarts = engine.pixelStarts;
  if (range == pixelRanges) return D + 1;
  const entry = startOfPart(load<u32>(pixelStarts + (D + 1 << 2)), range, pixelRanges);
  let low: u32 = 0, high = D;
  while (low < high) {
    const middle = (low + high) / 2;
    if (load<u32>(pixelStarts + (middle << 2)) < entry) low = middle + 1;
    else high = middle;
  }
  return low;
}
