// The work of a step in chunks, which the threads claim until none is left.
//
// No sum is ever divided: a chunk is some images, or some rows of parameters, so the bits do not
// depend on who computes it or when. The calling thread posts a task on the board and takes part
// itself. It takes every chunk that no other thread has claimed, so it waits only for chunks that
// other threads have claimed and not finished.
import { hiddenGradients, update, updateChunks } from "./backward";
import { faultPoint } from "./fault";
import { forward, transposeW2 } from "./forward";
import { B, board, claimed, imagesPerChunk, isDense } from "./memory";
import { softmaxCrossEntropy } from "./softmax";
import { listByPixel } from "./sparse";

// The tasks; ../memory.ts has the same numbers.
const FORWARD: u32 = 0; // Y1 and A2
const LOSSES: u32 = 1; // from A2: P, dA2 and the terms of the losses
const GRADIENTS: u32 = 2; // all that an image needs: Y1, A2, dA2, dA1
const UPDATE: u32 = 3; // the new parameters

// The board, in shared memory. What the threads write most has cache lines of its own.
const TICKET: usize = 0; // u64: the task's number in the upper half, its unclaimed chunks below
const PENDING: usize = 64; // u32: chunks that are not finished
const SLEEPERS: usize = 128; // u32: threads that wait for a ticket
const STOPPED: usize = 132; // u32: whether the threads shall end
const RATE: usize = 136; // f64: the learning rate
const TASK: usize = 144; // u32

/** How often a thread looks at the board before it sleeps: some tens of microseconds. */
const SPINS: u32 = 20000;

/** Nanoseconds that the calling thread sleeps before it looks for threads that have failed. */
const PATIENCE: i64 = 100_000_000;

/** Nanoseconds without work after which a thread ends. */
const IDLE: i64 = 1_000_000_000;

/** Does a task without other threads. */
export function alone(task: u32, rate: f64): void {
  for (let chunk = prepare(task, rate); chunk > 0; chunk--) work(chunk, 0);
}

/** Writes a task on the board; returns the number of its chunks. */
function prepare(task: u32, rate: f64): u32 {
  if (task == FORWARD || task == GRADIENTS) transposeW2();
  store<u32>(board, task, TASK);
  store<f64>(board, rate, RATE);
  return task == UPDATE ? updateChunks() : imageChunks() + u32(task == GRADIENTS && !isDense);
}

/** Offers a task to the other threads, and wakes those that sleep. */
export function post(task: u32, rate: f64): void {
  const chunks = prepare(task, rate);
  atomic.store<u32>(board, chunks, PENDING);
  const number = (atomic.load<u64>(board, TICKET) >> 32) + 1;
  atomic.store<u64>(board, number << 32 | chunks, TICKET);
  const sleepers = atomic.load<u32>(board, SLEEPERS);
  if (sleepers > 0) atomic.notify(board + TICKET, sleepers);
}

/** Does the posted task with the other threads; returns false if they need long for their part. */
export function help(): bool {
  for (let chunk = tryClaim(); chunk > 0; chunk = tryClaim()) {
    work(chunk, 0);
    finish(chunk);
  }
  return wait();
}

/** The number of chunks into which the images of the batch are divided. */
@inline
function imageChunks(): u32 {
  return (B + imagesPerChunk - 1) / imagesPerChunk;
}

/** Claims a chunk; returns its number, from 1, or 0 if none is left. */
function tryClaim(): u32 {
  let ticket = atomic.load<u64>(board, TICKET);
  while (<u32>ticket > 0) {
    faultPoint();
    const found = atomic.cmpxchg<u64>(board, ticket, ticket - 1, TICKET);
    if (found == ticket) {
      store<u32>(claimed, 0, 4);
      atomic.store<u32>(claimed, <u32>ticket);
      faultPoint();
      return <u32>ticket;
    }
    ticket = found;
  }
  return 0;
}

/** Waits for a chunk and claims it; returns 0 if there was none for a second, and after `stop`. */
export function claim(): u32 {
  while (atomic.load<u32>(board, STOPPED) == 0) {
    for (let spins = SPINS; spins > 0; spins--) {
      const chunk = tryClaim();
      if (chunk > 0) return chunk;
    }
    const ticket = atomic.load<u64>(board, TICKET);
    if (<u32>ticket > 0) continue;
    atomic.add<u32>(board, 1, SLEEPERS);
    faultPoint();
    const result = atomic.wait<u64>(board + TICKET, ticket, IDLE);
    atomic.sub<u32>(board, 1, SLEEPERS);
    if (result == AtomicWaitResult.TIMED_OUT) return 0;
  }
  return 0;
}

/** Lets the other threads end. */
export function stop(): void {
  atomic.store<u32>(board, 1, STOPPED);
  atomic.store<u64>(board, atomic.load<u64>(board, TICKET) + (<u64>1 << 32), TICKET);
  atomic.notify(board + TICKET, -1);
}

/**
 * Computes a chunk.
 *
 * @param chunk its number, from 1
 * @param done the number of rows of parameters that are updated already
 */
export function work(chunk: u32, done: u32): void {
  const task = load<u32>(board, TASK);
  if (task == UPDATE) return update(chunk - 1, load<f64>(board, RATE), done);
  if (chunk > imageChunks()) return listByPixel(); // for the update
  const end = min(chunk * imagesPerChunk, B), first = (chunk - 1) * imagesPerChunk;
  if (task != LOSSES) forward(first, end);
  faultPoint();
  if (task != FORWARD) softmaxCrossEntropy(first, end);
  faultPoint();
  if (task == GRADIENTS) hiddenGradients(first, end);
}

/** Computes what is left of a chunk of a thread that failed. */
export function redo(chunk: u32, done: u32): void {
  atomic.store<u32>(claimed, chunk);
  work(chunk, done);
  finish(chunk);
}

/** Reports a chunk as finished, unless another thread has taken it over. */
export function finish(chunk: u32): void {
  faultPoint();
  if (atomic.cmpxchg<u32>(claimed, chunk, 0) != chunk) return;
  if (atomic.sub<u32>(board, 1, PENDING) == 1) atomic.notify(board + PENDING, 1);
}

/** Waits until all chunks are finished; returns false if that takes long. */
export function wait(): bool {
  for (let spins = SPINS; spins > 0; spins--) {
    if (atomic.load<u32>(board, PENDING) == 0) return true;
  }
  const pending = atomic.load<u32>(board, PENDING);
  if (pending > 0) atomic.wait<u32>(board + PENDING, pending, PATIENCE);
  return atomic.load<u32>(board, PENDING) == 0;
}
