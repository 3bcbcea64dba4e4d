// The work of a step in chunks, which the threads claim until none is left.
// No sum is ever divided, so the bits do not depend on who computes a chunk or when. The calling
// thread takes part, and so waits only for chunks that others have claimed. Each thread has a queue
// of neighbouring chunks, so that a block of W1 mostly stays in the cache of one.
import { hiddenGradients, update, updateChunks } from "./backward";
import { fillX } from "./dense";
import { firstLayer, secondLayer, transposeW2 } from "./forward";
import { blockCount, board, engine, QUEUE_BYTES, startOfPart } from "./memory";
import { softmaxCrossEntropy } from "./softmax";
import { listByPixel } from "./sparse";

// The tasks
export const FILL_X: u32 = 0; // X, if sums are of X
export const HIDDEN: u32 = 1; // Y1
export const HIDDEN_AND_LIST: u32 = 2; // Y1, and the batch's pixels by pixel
export const SCORES: u32 = 3; // A2
export const LOSSES: u32 = 4; // A2, P, dA2, the predictions and the terms of the losses
export const GRADIENTS: u32 = 5; // the same, and dA1
export const UPDATE: u32 = 6; // the new parameters

// The board, in shared memory. What the threads write most has cache lines of its own.
const NUMBER: usize = 0; // u32: the task's number
const TASK: usize = 4; // u32
const CHUNKS: usize = 8; // u32: the number of chunks
const RATE: usize = 16; // f64: the learning rate
const STOPPED: usize = 24; // u32: whether the threads shall end
const PENDING: usize = 64; // u32: chunks that are not finished
const SLEEPERS: usize = 128; // u32: threads that wait for a task

// A queue is a u64: the task's number in the upper half, its unclaimed chunks in the lower.

/** How often a thread looks at the board before it sleeps: some tens of microseconds. */
const SPINS: u32 = 20000;

/** Nanoseconds that `wait` sleeps at most. */
const WAIT: i64 = 100_000_000;

/** Nanoseconds without work after which a thread ends. */
const IDLE: i64 = 1_000_000_000;

export function alone(task: u32, rate: f64): void {
  for (let chunk = prepare(task, rate); chunk > 0; chunk--) work(chunk);
}

/** Writes a task on the board; returns the number of its chunks. */
function prepare(task: u32, rate: f64): u32 {
  if (task == SCORES || task == LOSSES || task == GRADIENTS) transposeW2();
  const chunks = chunkCount(task);
  store<u32>(board, task, TASK);
  store<f64>(board, rate, RATE);
  store<u32>(board, chunks, CHUNKS);
  return chunks;
}

@inline
function chunkCount(task: u32): u32 {
  if (task == UPDATE) return updateChunks();
  const hidden = engine.blockGroups * engine.imageRanges;
  if (task == HIDDEN) return hidden;
  if (task == HIDDEN_AND_LIST) return hidden + u32(!engine.isDense);
  return (engine.B + engine.imagesPerChunk - 1) / engine.imagesPerChunk;
}

/** Offers a task to the other threads, and wakes those that sleep. */
export function post(task: u32, rate: f64): void {
  const chunks = prepare(task, rate), number = atomic.load<u32>(board, NUMBER) + 1;
  const threads = engine.threads;
  atomic.store<u32>(board, chunks, PENDING);
  for (let i: u32 = 0; i < threads; i++) {
    const queued = startOfPart(chunks, i + 1, threads) - startOfPart(chunks, i, threads);
    atomic.store<u64>(engine.queues + i * QUEUE_BYTES, <u64>number << 32 | queued);
  }
  atomic.store<u32>(board, number, NUMBER);
  const sleepers = atomic.load<u32>(board, SLEEPERS);
  if (sleepers > 0) atomic.notify(board + NUMBER, sleepers);
}

/** Does the chunks of the posted task that no other thread claims, and waits as `wait` does. */
export function help(): u32 {
  for (let chunk = tryClaim(0); chunk > 0; chunk = tryClaim(0)) {
    work(chunk);
    finish();
  }
  return wait();
}

/** Claims a chunk for a thread; returns its number, from 1, or 0 if none is left. */
function tryClaim(thread: u32): u32 {
  const threads = engine.threads;
  for (let i: u32 = 0; i < threads; i++) {
    const queue = (thread + i) % threads, address = engine.queues + queue * QUEUE_BYTES;
    let ticket = atomic.load<u64>(address);
    while (<u32>ticket > 0) {
      const found = atomic.cmpxchg<u64>(address, ticket, ticket - 1);
      if (found == ticket) {
        // CHUNKS is still this task's: it cannot end while one of its chunks is not finished
        return startOfPart(load<u32>(board, CHUNKS), queue, threads) + <u32>ticket;
      }
      ticket = found;
    }
  }
  return 0;
}

/** Waits a second for a chunk and claims it; returns 0 if there is none, and after `stop`. */
export function claim(thread: u32): u32 {
  while (atomic.load<u32>(board, STOPPED) == 0) {
    const number = atomic.load<u32>(board, NUMBER), chunk = tryClaim(thread);
    if (chunk > 0) return chunk;
    let spins = SPINS;
    while (spins > 0 && atomic.load<u32>(board, NUMBER) == number) spins--;
    if (spins > 0) continue;
    atomic.add<u32>(board, 1, SLEEPERS);
    const result = atomic.wait<u32>(board + NUMBER, number, IDLE);
    atomic.sub<u32>(board, 1, SLEEPERS);
    if (result == AtomicWaitResult.TIMED_OUT) return 0;
  }
  return 0;
}

/** Lets the other threads end. */
export function stop(): void {
  atomic.store<u32>(board, 1, STOPPED);
  atomic.add<u32>(board, 1, NUMBER);
  atomic.notify(board + NUMBER, -1);
}

export function work(chunk: u32): void {
  const task = load<u32>(board, TASK);
  if (task == UPDATE) return update(chunk - 1, load<f64>(board, RATE));
  if (task == HIDDEN || task == HIDDEN_AND_LIST) return hidden(chunk - 1);
  const images = engine.imagesPerChunk;
  const first = (chunk - 1) * images, end = min(chunk * images, engine.B);
  if (task == FILL_X) return fillX(first, end);
  secondLayer(first, end);
  if (task != SCORES) softmaxCrossEntropy(first, end);
  if (task == GRADIENTS) hiddenGradients(first, end);
}

/** Y1 of a group of blocks for a range of images, or the lists by pixel, for the update. */
function hidden(chunk: u32): void {
  const groups = engine.blockGroups, ranges = engine.imageRanges;
  const group = chunk / ranges, range = chunk % ranges;
  if (group == groups) return listByPixel();
  const blocks = blockCount(engine.M), images = engine.B;
  firstLayer(
    startOfPart(blocks, group, groups), startOfPart(blocks, group + 1, groups),
    startOfPart(images, range, ranges), startOfPart(images, range + 1, ranges),
  );
}

export function finish(): void {
  if (atomic.sub<u32>(board, 1, PENDING) == 1) atomic.notify(board + PENDING, 1);
}

/** Waits until all chunks are finished, 100 ms at most; returns how many are not. */
export function wait(): u32 {
  for (let spins = SPINS; spins > 0; spins--) {
    if (atomic.load<u32>(board, PENDING) == 0) return 0;
  }
  const pending = atomic.load<u32>(board, PENDING);
  if (pending > 0) atomic.wait<u32>(board + PENDING, pending, WAIT);
  return atomic.load<u32>(board, PENDING);
}
