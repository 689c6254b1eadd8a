'use strict';

// Draws the diagrams one after another, so that a broken one shows its error and leaves the others alone.
(async () => {
  const dark = window.matchMedia('(prefers-color-scheme: dark)').matches;
  window.mermaid.initialize({ startOnLoad: false, theme: dark ? 'dark' : 'default' });
  for (const [index, block] of document.querySelectorAll('pre.mermaid').entries()) {
    try {
      const { svg } = await window.mermaid.render(`diagram-${index}`, block.textContent);
      block.innerHTML = svg;
    } catch (error) {
      block.classList.add('diagram-error');
      block.textContent = `Mermaid: ${error instanceof Error ? error.message : String(error)}\n\n${block.textContent}`;
    }
  }
})();
