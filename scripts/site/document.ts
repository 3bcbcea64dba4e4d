/**
 * A document in Markdown as HTML, section by section.
 *
 * @module
 */

import { Marked } from "marked";

/** A document. */
export interface Document {
  /** Its first heading. */
  readonly title: string;
  readonly html: string;
  /** Each heading with its anchor, and the HTML up to the next one. */
  readonly sections: readonly Section[];
}

/** A heading and what is below it. */
export interface Section {
  readonly anchor: string;
  readonly heading: string;
  readonly html: string;
}

/** The text of HTML, as the search shows it. */
export function plainText(html: string): string {
  const entities: Record<string, string> = { lt: "<", gt: ">", quot: '"', "#39": "'", amp: "&" };
  const blocks = html.replaceAll(/<\/?(?:a|code|em|strong)\b[^>]*>/g, "");
  return blocks.replaceAll(/<[^>]*>/g, " ").replaceAll(
    /&(#39|\w+);/g,
    (all, name) => entities[name] ?? all,
  ).replaceAll(/\s+/g, " ").trim();
}

/** The anchor that GitHub gives to a heading. */
function anchorOf(heading: string): string {
  return heading.toLowerCase().replaceAll(/[^\p{L}\p{M}\p{N}_ -]/gu, "").replaceAll(" ", "-");
}

/**
 * Reads a document.
 *
 * @param targetOf what a link leads to; undefined for one that becomes plain text
 */
export function readDocument(
  markdown: string,
  targetOf: (link: string) => string | undefined,
): Document {
  const marked = new Marked({
    renderer: {
      heading({ tokens, depth }) {
        const html = this.parser.parseInline(tokens);
        return `<h${depth} id="${anchorOf(plainText(html))}">${html}</h${depth}>\n`;
      },
      link({ href, tokens }) {
        const html = this.parser.parseInline(tokens), target = targetOf(href);
        return target === undefined ? html : `<a href="${target}">${html}</a>`;
      },
    },
  });
  // the page has a link to the other language itself; what is too wide scrolls, also by keys
  const html = marked.parse(markdown.replace(/^\[(English|日本語)\]\(.*\)$/m, ""), { async: false })
    .replaceAll(/(?<=<(?:img|source)[^>]* src(?:set)?=")[^"]+/g, (link) => targetOf(link) ?? link)
    // in Japanese no space follows a sentence
    .replaceAll(/(?<=。)\n(?=[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}「]|<code>)/gu, "")
    .replaceAll(/<th[^>]*><\/th>/g, "<td></td>")
    .replaceAll("<pre>", '<pre tabindex="0">')
    .replaceAll("<table>", '<div class="scroll" tabindex="0"><table>')
    .replaceAll("</table>", "</table></div>");
  const sections = html.split(/(?=<h\d id=")/).flatMap((part): Section[] => {
    const [heading, anchor, content] = /^<h\d id="([^"]*)">(.*)<\/h\d>/.exec(part) ?? [];
    if (heading === undefined) return []; // what is above the first one
    return [{ anchor: anchor!, heading: plainText(content!), html: part.slice(heading.length) }];
  });
  return { title: sections[0]!.heading, html, sections };
}
