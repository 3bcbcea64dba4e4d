/// <reference lib="dom" />
/** The site of `deno task site` in a browser: its links, its search, its looks. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { fileURLToPath, pathToFileURL } from "node:url";
import { run } from "../../scripts/run_program.ts";
import { Folder } from "../helpers/folder.ts";
import { browserTest, View, violations } from "./_browser.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** The paths of the pages in a folder, without the API reference, which `deno doc` makes. */
function pagesIn(folder: Folder, path = ""): string[] {
  return [...Deno.readDirSync(folder.file(path))].flatMap(({ name, isDirectory }) => {
    if (isDirectory) return name === "api" ? [] : pagesIn(folder, `${path}${name}/`);
    return name.endsWith(".html") ? [path + name] : [];
  });
}

browserTest(
  "example: the pages of the site have links that lead somewhere, ask no other host for anything, and pass axe, light and dark",
  async () => {
    using folder = new Folder();
    await run(Deno.execPath(), ["task", "site", folder.file("site")], ROOT);
    const site = `${pathToFileURL(folder.file("site"))}/`;
    const pages = pagesIn(folder, "site/").map((path) => path.slice("site/".length));
    ok(pages.length > 20 && pages.includes("index.html"), `${pages}`);
    await using view = await View.open(`${site}index.html`);
    const anchors = new Map<string, string[]>(), links = new Map<string, string[]>();
    for (const path of pages) {
      await view.page.goto(site + path);
      await view.ready();
      const found = await view.page.evaluate(() => ({
        anchors: Array.from(document.querySelectorAll("[id]"), ({ id }) => id),
        links: Array.from(
          document.querySelectorAll<HTMLAnchorElement>("a[href]"),
          ({ href }) => href,
        ),
        missing: Array.from(document.images).filter((image) => image.naturalWidth === 0).length,
      }));
      strictEqual(found.missing, 0, `pictures of ${path}`);
      anchors.set(path, found.anchors);
      links.set(path, found.links.filter((link) => !link.startsWith("http")));
      deepStrictEqual(await violations(view, false), [], path);
      await view.show({ width: 320 });
      const width = await view.page.evaluate(() => document.documentElement.scrollWidth);
      strictEqual(width, 320, `${path} scrolls horizontally`);
    }
    for (const [path, targets] of links) {
      ok(targets.length > 3, path);
      for (const target of targets) {
        ok(target.startsWith(site), `${path} leads out of the site: ${target}`);
        const [file, hash] = target.slice(site.length).split("#") as [string, string?];
        ok(Deno.statSync(folder.file(`site/${decodeURI(file)}`)).isFile, `${path}: ${target}`);
        // an address of the playground names its state
        if (hash === undefined || file === "index.html") continue;
        ok(anchors.get(file)?.includes(decodeURIComponent(hash)), `${path}: no anchor ${target}`);
      }
    }
    // all documents have the colours of one style sheet
    for (const path of ["index.html", "docs/index.html", "docs/back-propagation.html"]) {
      await view.page.goto(site + path);
      await view.ready();
      for (const theme of ["dark", "light"] as const) {
        await view.show({ theme });
        deepStrictEqual(await violations(view), [], `${path}, ${theme}`);
      }
    }
    await view.page.goto(`${site}api/index.html`);
    const foreign = view.requests.filter((url) =>
      !url.startsWith(site) && !url.startsWith("data:")
    );
    deepStrictEqual(foreign.filter((url) => !url.startsWith("blob:")), []);

    for (
      const [path, words, wanted] of [
        ["docs/index.html", "softmax layer", /softmax/i],
        ["docs/ja/index.html", "逆伝播", /逆伝播/],
      ] as const
    ) {
      await view.page.goto(site + path);
      await view.page.type("input[type=search]", words);
      await view.page.waitForSelector("#results a");
      const first = await view.page.$eval("#results li", ({ textContent }) => textContent);
      ok(wanted.test(first), first);
      deepStrictEqual(await violations(view), [], `${path}, searched`);
      await view.page.click("#results a");
      await view.page.waitForSelector("h1");
      ok(view.page.url().startsWith(site));
    }
  },
);
