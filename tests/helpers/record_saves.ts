/**
 * Preload for `deno run`: keeps a copy of each file that is renamed into place, named by number
 * and time.
 */
const rename = Deno.renameSync;
let count = 0;
Deno.renameSync = (from, to) => {
  rename(from, to);
  Deno.copyFileSync(to, `${to}.${++count}-${performance.now()}`);
};
