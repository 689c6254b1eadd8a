import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { marked } from 'marked';

/** A file of an installed package; their manifests do not let subpaths be resolved, so this goes by folder. */
function packaged(path: string): string {
  return readFileSync(fileURLToPath(new URL(`../node_modules/${path}`, import.meta.url)), 'utf8');
}

function own(path: string): string {
  return readFileSync(fileURLToPath(new URL(`html/${path}`, import.meta.url)), 'utf8');
}

/** A script inside of HTML ends at the first `</script`, wherever that stands in it. */
function inlineScript(source: string): string {
  return source.replace(/<(?=\/script|script|!--)/gi, '\\x3C');
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`);
}

/** Mermaid's code blocks become what its own script looks for. */
function withDiagrams(html: string): string {
  return html.replace(
    /<pre><code class="language-mermaid">([\s\S]*?)<\/code><\/pre>/g,
    (_, source: string) => `<pre class="mermaid">${source}</pre>`,
  );
}

const BOXES: Readonly<Record<string, string>> = {
  NOTE: 'ℹ️',
  TIP: '💡',
  IMPORTANT: '❗',
  WARNING: '⚠️',
  CAUTION: '⛔',
};

/** Quotes that begin with `[!NOTE]` and its like become boxes, as GitHub draws them. */
function withBoxes(html: string): string {
  return html.replace(
    /<blockquote>\s*<p>\[!(NOTE|TIP|IMPORTANT|WARNING|CAUTION)\]\s*([\s\S]*?)<\/blockquote>/g,
    (_, kind: string, content: string) => {
      const name = `${kind.charAt(0)}${kind.slice(1).toLowerCase()}`;
      const title = `<p class="markdown-alert-title">${BOXES[kind] ?? ''}&nbsp; ${name}</p>`;
      return `<div class="markdown-alert markdown-alert-${kind.toLowerCase()}">${title}<p>${content}</div>`;
    },
  );
}

/** Mermaid as one script for browsers, the version among the development dependencies. */
const MERMAID = 'mermaid/dist/mermaid.min.js';

/**
 * One self-contained page that shows GitHub-flavoured Markdown as GitHub does, in the reader's colour scheme, with
 * Mermaid diagrams drawn and their errors visible, by `mermaid`, the source of another version where one is given. For
 * looking at job summaries outside of GitHub.
 */
export function renderHtml(markdown: string, title: string, mermaid = packaged(MERMAID)): string {
  const body = withBoxes(withDiagrams(marked.parse(markdown, { async: false, gfm: true })));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)}</title>
<style>${packaged('github-markdown-css/github-markdown.css')}</style>
<style>${own('page.css')}</style>
</head>
<body>
<main class="markdown-body">
${body}
</main>
<script>${inlineScript(mermaid)}</script>
<script>${inlineScript(own('page.js'))}</script>
</body>
</html>
`;
}
