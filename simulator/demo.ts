/**
 * The main job, without an AWS account: the built action against the simulator, once with a healthy release and once with
 * a broken one. Writes both job summaries as Markdown and as HTML.
 *
 *   npm run demo
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SECOND, formatDuration } from '../src/model/time.ts';
import { type Simulator, startSimulator } from './index.ts';
import { renderHtml } from './render-html.ts';
import { type RunResult, runAction } from './runner.ts';
import type { Scenario } from './scenario.ts';
import { NAMES, scenarios } from './scenarios.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const OUTPUT = join(ROOT, 'demo-output');
/** Simulated time that passes in one go, and the real time (ms) it is given, so that one can follow. */
const STRIDE = 30 * SECOND;
const PACE = 250;

interface Show {
  readonly name: string;
  readonly title: string;
  readonly scenario: Scenario;
}

const SHOWS: readonly Show[] = [
  {
    name: 'healthy',
    title: 'A healthy release: 1,200 requests a minute, 0.1 % errors in both versions',
    scenario: scenarios.healthy(),
  },
  {
    name: 'broken',
    title: 'A broken release: the new version fails a quarter of its requests',
    scenario: scenarios.broken(),
  },
];

/** A package with the file that the function's handler names. */
function buildArtifact(): string {
  const directory = mkdtempSync(join(tmpdir(), 'demo-artifact-'));
  writeFileSync(join(directory, 'index.js'), 'exports.handler = async () => ({ statusCode: 200 });\n');
  return directory;
}

/** Takes part in simulated time and is slow about it, until it is told to stop. */
function pace({ clock }: Simulator): () => void {
  const participant = clock.join();
  let running = true;
  const walk = async (): Promise<void> => {
    while (running) {
      await participant.sleep(STRIDE);
      await new Promise((resolve) => setTimeout(resolve, PACE));
    }
  };
  void walk();
  return () => {
    running = false;
    participant.leave();
  };
}

/** The log as the runner's page shows it: groups as headings, annotations as what they say. */
function show(line: string): void {
  if (line === '::endgroup::') return;
  const annotation = /^::(error|warning)[^:]*title=([^:]*)::|^::(error|warning)::/.exec(line);
  const text = line.replace(/^::group::/, '▾ ').replace(/^::(error|warning)[^:]*::/, '');
  const decoded = text.replaceAll('%0A', '\n    ').replaceAll('%25', '%');
  if (annotation !== null)
    console.log(`  ${annotation[1] ?? annotation[3] ?? ''}: ${decodeURIComponent(annotation[2] ?? '')}`);
  console.log(line.startsWith('::group::') ? decoded : `    ${decoded}`);
}

function saveSummary(name: string, markdown: string): void {
  for (const [ending, content] of [
    ['md', markdown],
    ['html', renderHtml(markdown, `Job summary: ${name}`)],
  ] as const) {
    const path = join(OUTPUT, `${name}.${ending}`);
    writeFileSync(path, content);
    console.log(`  summary: ${relative(process.cwd(), path)}`);
  }
}

async function play({ name, title, scenario }: Show, artifact: string): Promise<RunResult> {
  console.log(`\n━━ ${title}\n`);
  const simulator = await startSimulator(scenario);
  const began = simulator.clock.now();
  const stop = pace(simulator);
  const inputs = { 'function-name': NAMES.function, artifact, strategy: '5% 2m, 25% 3m, 50% 3m' };
  const result = await runAction({ simulator, inputs, onLine: show });
  const took = formatDuration(simulator.clock.now() - began);
  stop();
  const { result: ending = '', verdict = '' } = result.outputs;
  console.log(
    `\n  result: ${ending}   verdict: ${verdict}   exit code: ${String(result.exitCode)}   simulated time: ${took}`,
  );
  saveSummary(name, result.summary);
  await simulator.close();
  return result;
}

mkdirSync(OUTPUT, { recursive: true });
const artifact = buildArtifact();
const results = [];
for (const each of SHOWS) results.push(await play(each, artifact));
rmSync(artifact, { recursive: true });
const endings = results.map(({ outputs }) => outputs['result']).join(', ');
if (endings !== 'promoted, rolled-back') {
  console.error(`\nThe demo did not end as it should: ${endings}`);
  process.exitCode = 1;
}
