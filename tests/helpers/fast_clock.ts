/** Run before the command line (deno run --preload): time passes a hundred times as fast. */
const now = performance.now.bind(performance);
performance.now = () => 100 * now();
