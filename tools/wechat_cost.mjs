// How many characters other tools make of texts: run by wechat_cost.py in the folder where it
// installed them. Reads a JSON list of Markdown texts; prints counts by the name of the tool.
import { readFileSync } from "node:fs";
import { createWenyanCore } from "@wenyan-md/core";
import { JSDOM } from "jsdom";
import juice from "juice";
import { marked } from "marked";

const THEMES = ["default", "rainbow", "pie"];

// The way of doocs/md: a style sheet of common declarations, then juice, which repeats on every
// element what its selectors say. The declarations are ours, as many as its default theme has.
const BLOCK = "text-align:left;line-height:1.75;font-family:system-ui,sans-serif;font-size:16px";
const SHEET = `
section,h1,h2,h3,h4,p,blockquote,ol,ul,li,strong,code,table,th,td { ${BLOCK} }
p { margin:1.5em 8px; letter-spacing:.1em; color:#3f3f3f }
h2 { display:table; margin:4em auto 2em; padding:0 .2em; color:#fff; background:#1f3a5f;
  font-size:19px; font-weight:bold; text-align:center }
h3 { margin:2em 8px .75em 0; padding-left:8px; border-left:3px solid #1f3a5f; font-size:17px;
  font-weight:bold; color:#3f3f3f }
strong { color:#1f3a5f; font-weight:bold; font-size:inherit }
ol,ul { margin-left:0; padding-left:1em; color:#3f3f3f }
li { display:block; margin:.2em 8px; color:#3f3f3f }
blockquote { margin:0 0 1em; padding:1em; border-left:4px solid #1f3a5f; color:#3f3f3f }
code { padding:3px 5px; border-radius:4px; font-size:90%; color:#d14; background:#f3f3f3 }
th,td { padding:.25em .5em; border:1px solid #dfdfdf; color:#3f3f3f }
`;

const length = (text) => [...text].length;

const { window } = new JSDOM("<body></body>");
for (const name of ["document", "HTMLElement", "DOMParser", "Node", "Element"]) {
  globalThis[name] = window[name];
}
globalThis.window = window;
const core = await createWenyanCore({ isWechat: true });

const wenyan = async (markdown, themeId) => {
  const element = window.document.createElement("section");
  element.id = "wenyan";
  window.document.body.replaceChildren(element);
  element.innerHTML = await core.renderMarkdown(markdown, true);
  const options = { themeId, hlThemeId: "github", isAddFootnote: true };
  return length(await core.applyStylesWithTheme(element, options));
};

const inlined = (markdown) =>
  length(juice.inlineContent(`<section>${marked.parse(markdown)}</section>`, SHEET));

const texts = JSON.parse(readFileSync(0, "utf8"));
const counts = { "juice，每个元素都有样式": texts.map(inlined) };
for (const theme of THEMES) {
  counts[`wenyan ${theme}`] = [];
  for (const text of texts) counts[`wenyan ${theme}`].push(await wenyan(text, theme));
}
console.log(JSON.stringify(counts));
