/** Reads markup as strictly as XML asks for, with the elements of HTML that are never closed. */
import { ok, strictEqual } from "node:assert/strict";

export interface Tag {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
}

const VOID = new Set(["meta", "img", "br"]);

/**
 * Asserts that elements are closed in order, attributes are quoted and unique, and each < and & is
 * escaped.
 */
export function wellFormed(text: string): Tag[] {
  const tags: Tag[] = [], open: string[] = [];
  const body = text.replace(/^<!DOCTYPE html>\n/, "");
  const token = /<(\/?)([\w:]+)((?:\s+[\w:-]+(?:="[^"<]*")?)*)\s*(\/?)>|([^<]+)/gy;
  let end = 0;
  for (const [all, closing, name, attributes, empty, words] of body.matchAll(token)) {
    end += all.length;
    for (const part of [attributes, words]) {
      ok(!/&(?!(amp|lt|gt|quot|#39);)/.test(part ?? ""), `a bare & in ${part}`);
    }
    // deno-lint-ignore no-control-regex -- XML 1.0 cannot hold them
    ok(!/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/.test(all));
    if (name === undefined) continue;
    if (closing) {
      strictEqual(open.pop(), name);
      continue;
    }
    const pairs = [...attributes!.matchAll(/([\w:-]+)(?:="([^"]*)")?/g)];
    const map = new Map(pairs.map(([, key, value]) => [key!, value ?? ""]));
    strictEqual(map.size, pairs.length, `an attribute twice in ${all}`);
    tags.push({ name, attributes: map });
    if (!empty && !VOID.has(name)) open.push(name);
  }
  strictEqual(end, body.length, `no markup: ${body.slice(end, end + 80)}`);
  strictEqual(open.length, 0, `not closed: ${open}`);
  return tags;
}
