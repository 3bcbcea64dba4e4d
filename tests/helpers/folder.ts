/** A temporary folder for the files of one test, removed when its block ends. */
import { join } from "node:path";

/** `using folder = new Folder()` makes one. */
export class Folder implements Disposable {
  /** Its absolute path, without symbolic links. */
  readonly path: string = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "sanso-test-" }));

  /** Makes one that holds these files. */
  constructor(files: Readonly<Record<string, Uint8Array | string>> = {}) {
    for (const [name, contents] of Object.entries(files)) this.write(name, contents);
  }

  /** The path of a file in it. */
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

  /** Reads a file. */
  read(name: string): Uint8Array<ArrayBuffer> {
    return Deno.readFileSync(this.file(name));
  }

  /** The names of what it holds, sorted. */
  names(): string[] {
    return [...Deno.readDirSync(this.path)].map((entry) => entry.name).sort();
  }

  /** Removes it and everything in it. */
  [Symbol.dispose](): void {
    Deno.removeSync(this.path, { recursive: true });
  }
}
