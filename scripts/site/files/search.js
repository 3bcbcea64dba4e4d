// The search of the documents: the sections that contain every word, best first.
const { root, none } = document.currentScript.dataset;
const input = document.querySelector("input[type=search]");
const results = document.getElementById("results");
const fold = (text) => text.normalize("NFKC").toLowerCase();

/** Loads the sections of the page's language; as a script, which works without a server too. */
function load() {
  const script = document.createElement("script");
  script.src = `${root}/search.${document.documentElement.lang}.js`;
  script.onload = show;
  document.head.append(script);
}

/** How well a section fits: 0 if a word is missing; words in titles and headings count most. */
function score([, title, heading, text], words) {
  const scores = words.map((word) =>
    10 * fold(title).includes(word) + 5 * fold(heading).includes(word) +
    Math.min(4, fold(text).split(word).length - 1)
  );
  return scores.includes(0) ? 0 : scores.reduce((sum, one) => sum + one, 0);
}

function show() {
  const words = fold(input.value).split(/\s+/).filter((word) => word !== "");
  results.hidden = words.length === 0 || !globalThis.sections;
  if (results.hidden) return;
  const best = globalThis.sections.map((section) => ({ section, rank: score(section, words) }))
    .filter(({ rank }) => rank > 0).sort((a, b) => b.rank - a.rank).slice(0, 12);
  results.innerHTML = best.length > 0 ? "" : `<li>${none}</li>`;
  for (const { section: [path, title, heading, text] } of best) {
    const item = document.createElement("li"), link = document.createElement("a");
    const extract = document.createElement("p"), at = fold(text).indexOf(words[0]) - 40;
    link.href = `${root}/${path}`;
    link.textContent = heading === title ? title : `${title} › ${heading}`;
    extract.textContent = (at > 0 ? "… " : "") + text.slice(Math.max(0, at), at + 120);
    item.append(link, extract);
    results.append(item);
  }
}

input.addEventListener("input", load, { once: true });
input.addEventListener("input", show);
document.addEventListener("keydown", ({ key }) => {
  if (key === "Escape") results.hidden = true;
});
