/** The lines' values of a diagram, read back. */
export function linesOf(diagram: string): number[][] {
  return Array.from(diagram.matchAll(/^ {2}line \[(.*)\]$/gm), ([, list = '']) => list.split(', ').map(Number));
}

/** The upper end of its scale. */
export function topOf(diagram: string): number {
  return Number(/y-axis 0 --> (\S+)/.exec(diagram)?.[1]);
}

export function paletteOf(diagram: string): string | undefined {
  return /"plotColorPalette":"([^"]*)"/.exec(diagram)?.[1];
}
