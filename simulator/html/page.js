'use strict';

// What GitHub leaves of HTML in Markdown, as far as summaries could want it (jch/html-pipeline, SanitizationFilter).
const ELEMENTS = new Set(
  (
    'h1 h2 h3 h4 h5 h6 p br hr a img picture source code pre kbd em strong b i del s sub sup blockquote ul ol li table ' +
    'thead tbody tr th td details summary div span'
  ).split(' '),
);
const ATTRIBUTES = new Set([
  'href',
  'src',
  'srcset',
  'media',
  'alt',
  'title',
  'align',
  'width',
  'height',
  'open',
  'start',
]);
const OURS = ['mermaid', 'markdown-alert'];

function isOurs({ name, value }) {
  return (name === 'class' && OURS.some((ours) => value.startsWith(ours))) || name === 'dir';
}

// Takes out what GitHub would take out, and tells.
function sanitize(root) {
  const dropped = [];
  for (const element of root.querySelectorAll('*')) {
    const tag = element.localName;
    for (const attribute of [...element.attributes]) {
      const isCode = tag === 'code' && attribute.name === 'class';
      if (ATTRIBUTES.has(attribute.name) || isOurs(attribute) || isCode) continue;
      dropped.push(`${attribute.name} of <${tag}>`);
      element.removeAttribute(attribute.name);
    }
    if (ELEMENTS.has(tag)) continue;
    dropped.push(`<${tag}>`);
    element.replaceWith(...element.childNodes);
  }
  return dropped;
}

// Draws the diagrams one after another, so that a broken one shows its error and leaves the others alone.
async function draw(root) {
  const dark = window.matchMedia('(prefers-color-scheme: dark)').matches;
  window.mermaid.initialize({ startOnLoad: false, theme: dark ? 'dark' : 'default' });
  const errors = [];
  for (const [index, block] of root.querySelectorAll('pre.mermaid').entries()) {
    try {
      const { svg } = await window.mermaid.render(`diagram-${index}`, block.textContent);
      block.innerHTML = svg;
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      errors.push(message);
      block.classList.add('diagram-error');
      block.textContent = `Mermaid: ${message}\n\n${block.textContent}`;
    }
  }
  return errors;
}

// For who drives this page: what became of it.
window.drawn = (async () => {
  const root = document.querySelector('main');
  const dropped = sanitize(root);
  const diagrams = root.querySelectorAll('pre.mermaid').length;
  const errors = await draw(root);
  const { scrollWidth, scrollHeight, clientWidth } = document.documentElement;
  return { diagrams, errors, dropped, overhang: Math.max(0, scrollWidth - clientWidth), height: scrollHeight };
})();
