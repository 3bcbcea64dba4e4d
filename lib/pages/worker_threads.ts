// How the workers of the page share the processor.

/** The most threads of a training: more help little in a network like the report's. */
const MAX_THREADS = 4;

const { port1, port2 } = new MessageChannel();

/** The number of threads to train with: one where the page is not cross-origin isolated. */
export function threadCount(): number {
  return crossOriginIsolated ? Math.min(navigator.hardwareConcurrency, MAX_THREADS) : 1;
}

/** Lets a worker receive messages, and its own workers start, before it goes on computing. */
export function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    port1.onmessage = () => resolve();
    port2.postMessage(undefined); // a timer would wait for some milliseconds
  });
}
