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

/**
 * One self-contained page that shows GitHub-flavoured Markdown as GitHub does, in the reader's colour scheme, with
 * Mermaid diagrams drawn and their errors visible. For looking at job summaries outside of GitHub; it sanitizes nothing.
 */
export function renderHtml(markdown: string, title: string): string {
  const body = withDiagrams(marked.parse(markdown, { async: false, gfm: true }));
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
<script>${inlineScript(packaged('mermaid/dist/mermaid.min.js'))}</script>
<script>${inlineScript(own('page.js'))}</script>
</body>
</html>
`;
}
