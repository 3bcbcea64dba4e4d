/** Run before the command line (deno run --preload): of each file that it puts in place a copy is kept, named by number and time. */
const rename = Deno.renameSync;
let count = 0;
Deno.renameSync = (from, to) => {
  rename(from, to);
  Deno.copyFileSync(to, `${to}.${++count}-${performance.now()}`);
};
