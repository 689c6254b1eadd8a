import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const at = (path: string): URL => new URL(`../../${path}`, import.meta.url);

export function read(path: string): string {
  return readFileSync(at(path), 'utf8');
}

/** Every page that users read, by its path in the repository. */
export const PAGES = [
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  ...readdirSync(at('docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

/** File name → text of every example. */
export const EXAMPLES: ReadonlyMap<string, string> = new Map(
  readdirSync(at('examples')).map((name) => [name, read(`examples/${name}`)]),
);

/** A fenced block: its language as it stands behind the fence (`yaml before` is what a peer has), and its text. */
interface Block {
  readonly page: string;
  readonly language: string;
  readonly text: string;
}

export function blocksOf(page: string): readonly Block[] {
  const fences = [...read(page).matchAll(/^```([^\n]*)\n(.*?)^```$/gms)];
  return fences.map(([, language = '', text = '']) => ({ page, language, text }));
}

/** The source of the action as one text: pieces that a `+` joins are one, and what is filled in is `…`. */
export function sourceText(): string {
  const folder = fileURLToPath(at('src'));
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  const whole = files.map((name) => read(`src/${name}`)).join('\n');
  return whole.replace(/['`]\s*\+\s*['`]/g, '').replaceAll('\\`', '`');
}
