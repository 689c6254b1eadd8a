import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { markdownTable } from 'markdown-table';
import { readActionMetadata, type Described } from './action-metadata.ts';

/** The README with the tables of inputs and outputs made anew from `action.yml`, between their markers. */
export function generateDocs(readme: string, actionYml: string): string {
  const { inputs, outputs } = readActionMetadata(actionYml);
  return fill(fill(readme, 'inputs', inputsTable(inputs)), 'outputs', outputsTable(outputs));
}

function inputsTable(inputs: readonly Described[]): string {
  const rows = inputs.map((input) => [
    code(input.name),
    input.required ? '**required**' : code(input.default),
    cell(input.description),
  ]);
  return markdownTable([['Input', 'Default', 'Meaning'], ...rows]);
}

function outputsTable(outputs: readonly Described[]): string {
  return markdownTable([
    ['Output', 'Value'],
    ...outputs.map((output) => [code(output.name), cell(output.description)]),
  ]);
}

function code(text: string): string {
  return text === '' ? '' : `\`${cell(text)}\``;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}

function fill(readme: string, name: string, table: string): string {
  const [start, end] = [`<!-- ${name}:start -->`, `<!-- ${name}:end -->`];
  const [before, afterStart, ...moreStarts] = readme.split(start);
  const [, after, ...moreEnds] = afterStart?.split(end) ?? [];
  if (before === undefined || after === undefined || moreStarts.length + moreEnds.length > 0) {
    throw new Error(`README.md needs the markers ${start} and ${end}, in this order, once`);
  }
  return `${before}${start}\n\n${table}\n\n${end}${after}`;
}

/** What the command line does: rewrites the README, or with `--check` only compares. */
export function run(options: {
  readonly readme: string;
  readonly actionYml: string;
  readonly check: boolean;
}): boolean {
  const readme = readFileSync(options.readme, 'utf8');
  const wanted = generateDocs(readme, readFileSync(options.actionYml, 'utf8'));
  if (!options.check) writeFileSync(options.readme, wanted);
  return !options.check || readme === wanted;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const check = process.argv.includes('--check');
  const { generateIam } = await import('./iam/documents.ts');
  const stale = [
    ...(run({ readme: 'README.md', actionYml: 'action.yml', check })
      ? []
      : ['README.md does not agree with action.yml']),
    ...((await generateIam({ check }))
      ? []
      : ['docs/iam-policy.json or infra/github-oidc.yaml does not agree with scripts/iam/statements.ts']),
  ];
  for (const what of stale) console.error(`${what}. Run \`npm run docs\` and commit the result.`);
  if (stale.length > 0) process.exitCode = 1;
}
