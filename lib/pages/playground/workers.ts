// The workers of the page.

/** The names of the workers; the script of each is browser/NAME.ts. */
export const WORKERS = ["trainer", "breaker"] as const;

/** The name of a worker. */
export type WorkerName = typeof WORKERS[number];
