/**
 * Preload for `deno run`: keeps a copy of each new file that gets its name, named by number and
 * time.
 */
const { linkSync, renameSync } = Deno;
let count = 0;

/** `move` gives a temporary file its name, or keeps an old file under another one. */
function recorded<Path extends string | URL>(move: (from: Path, to: Path) => void) {
  return (from: Path, to: Path) => {
    move(from, to);
    if (`${from}`.endsWith(".tmp")) Deno.copyFileSync(to, `${to}.${++count}-${performance.now()}`);
  };
}

Deno.linkSync = recorded(linkSync);
Deno.renameSync = recorded(renameSync);
