/** A temporary folder for the files of one test, removed when its block ends. */
import { join } from "node:path";

/** `using folder = new Folder()` makes one. */
export class Folder implements Disposable {
  /** Its absolute path, without symbolic links. */
  readonly path: string = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "sanso-test-" }));

  constructor(files: Readonly<Record<string, Uint8Array | string>> = {}) {
    for (const [name, contents] of Object.entries(files)) this.write(name, contents);
  }

  file(name: string): string {
    return join(this.path, name);
  }

  /** Writes a file, in a folder of its own if the name has a slash; returns its path. */
  write(name: string, contents: Uint8Array | string): string {
    const path = this.file(name);
    Deno.mkdirSync(join(path, ".."), { recursive: true });
    if (typeof contents === "string") Deno.writeTextFileSync(path, contents);
    else Deno.writeFileSync(path, contents);
    return path;
  }

  read(name: string): Uint8Array<ArrayBuffer> {
    return Deno.readFileSync(this.file(name));
  }

  /** The names of what it holds, sorted. */
  names(): string[] {
    return [...Deno.readDirSync(this.path)].map((entry) => entry.name).sort();
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.path, { recursive: true });
  }
}
