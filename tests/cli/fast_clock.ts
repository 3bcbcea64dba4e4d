/** Preload for `deno run`: a clock that runs a hundred times as fast. */
const now = performance.now.bind(performance);
performance.now = () => 100 * now();
