// The template tag for HTML and SVG.
import { strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { Markup, markup } from "../../lib/charts/html.ts";
import { wellFormed } from "../helpers/markup.ts";

Deno.test("example: markup escapes text, and nothing else", () => {
  const inner = markup`<b>${"<&>"}</b>`, more = [inner, new Markup("<br>"), 1, undefined];
  const wanted = '<i title="&quot;&#39;"><b>&lt;&amp;&gt;</b><br>1</i>';
  strictEqual(`${markup`<i title="${"\"'"}">${more}</i>`}`, wanted);
  // what XML does not allow even escaped
  strictEqual(`${markup`${"a\ud800b\u0000\uffff😀"}`}`, "a\ufffdb\ufffd\ufffd😀");
});

Deno.test("law: markup is well-formed for any text", () => {
  // any UTF-16, well-formed or not
  fc.assert(fc.property(fc.uint16Array({ maxLength: 50 }), (units) => {
    const text = String.fromCharCode(...units);
    const tags = wellFormed(`${markup`<p title="${text}">${text}</p>`}`);
    strictEqual(tags.length, 1);
  }));
});
