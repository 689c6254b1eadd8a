/**
 * Packaging a large directory against `zip -r -q -6` on the same tree: time, size of the result and peak memory.
 *
 *   node bench/packaging.ts [--files 10000] [--megabytes 250] [--runs 3]
 *
 * The tree is made in a temporary folder, the same for every run of this command (fixed seed): four fifths of the files
 * are text-like, one fifth cannot be compressed. Runs alternate, and medians are compared. Each package is built in a
 * process of its own, so that its peak memory counts nothing else. Exits with 1 when a limit is missed.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildPackage } from '../src/package/build.ts';
import { examineArtifact } from '../src/package/examine.ts';

/** Time and size against zip, memory in MB. */
const LIMITS = { time: 1.5, size: 0.02, memory: 200 };
const MB = 1024 * 1024;

interface Run {
  readonly seconds: number;
  readonly bytes: number;
  /** Peak resident memory, MB. */
  readonly memory: number;
}

/** Numerical Recipes' linear congruential generator; 0 ≤ x < 1. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Sizes that spread over three orders of magnitude, as in a `node_modules`, and sum up to `total` bytes. */
function fileSizes(files: number, total: number, random: () => number): number[] {
  const shares = Array.from({ length: files }, () => Math.exp(random() * random() * 9));
  const sum = shares.reduce((a, b) => a + b, 0);
  return shares.map((share) => Math.floor((share / sum) * total));
}

function vocabulary(random: () => number): string[] {
  const letters = (): string => String.fromCharCode(97 + Math.floor(random() * 26));
  return Array.from({ length: 2000 }, () => Array.from({ length: 2 + Math.floor(random() * 9) }, letters).join(''));
}

function text(bytes: number, words: readonly string[], random: () => number): Buffer {
  const content = Buffer.alloc(bytes);
  for (let at = 0; at < bytes;) {
    const word = words[Math.floor(random() * random() * words.length)] ?? '';
    at += content.write(`${word}${random() < 0.1 ? ';\n' : ' '}`, at, 'latin1') || 1;
  }
  return content;
}

function noise(bytes: number, random: () => number): Buffer {
  return Buffer.from(Uint8Array.from({ length: bytes }, () => random() * 256));
}

function makeTree(root: string, files: number, megabytes: number): void {
  const random = generator(20_260_101);
  const words = vocabulary(random);
  for (const [index, size] of fileSizes(files, megabytes * MB, random).entries()) {
    const folder = join(root, `package-${String(index % 97)}`, `lib-${String(index % 7)}`);
    mkdirSync(folder, { recursive: true });
    const binary = index % 5 === 0;
    const name = `file-${String(index)}.${binary ? 'bin' : 'js'}`;
    writeFileSync(join(folder, name), binary ? noise(size, random) : text(size, words, random));
  }
}

/** The time of a whole command, process start included. */
function zipOnce(root: string, work: string): Run {
  const path = join(work, 'zip.zip');
  rmSync(path, { force: true });
  const start = performance.now();
  execFileSync('zip', ['-r', '-q', '-6', path, '.'], { cwd: root });
  return { seconds: (performance.now() - start) / 1000, bytes: statSync(path).size, memory: 0 };
}

function packOnce(root: string, work: string): Run {
  const start = performance.now();
  const output = execFileSync(process.execPath, [import.meta.filename, '--build', root, '--work', work]);
  const seconds = (performance.now() - start) / 1000;
  const { bytes, memory } = JSON.parse(output.toString()) as Omit<Run, 'seconds'>;
  return { seconds, bytes, memory };
}

/** What the child process does. */
async function build(root: string, work: string): Promise<void> {
  const examination = await examineArtifact(root, []);
  if (!examination.ok) throw new Error('the tree cannot be packaged');
  const zip = await buildPackage(examination.artifact, work);
  await zip.dispose();
  process.stdout.write(JSON.stringify({ bytes: zip.bytes, memory: process.resourceUsage().maxRSS / 1024 }));
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

/** Prints one measured figure beside its limit; returns whether it is kept. */
function report(what: string, figure: string, kept: boolean, limit: string): boolean {
  console.log(`${what.padEnd(8)} ${figure.padEnd(58)} ${kept ? 'kept  ' : 'MISSED'} (limit ${limit})`);
  return kept;
}

function compare(zip: readonly Run[], ours: readonly Run[]): boolean {
  const [zipTime, ourTime] = [zip, ours].map((runs) => median(runs.map((run) => run.seconds))) as [number, number];
  const [zipBytes, ourBytes] = [zip, ours].map((runs) => median(runs.map((run) => run.bytes))) as [number, number];
  const memory = Math.max(...ours.map((run) => run.memory));
  const ratio = ourTime / zipTime;
  const growth = ourBytes / zipBytes - 1;
  const times = `${ourTime.toFixed(2)} s against ${zipTime.toFixed(2)} s of zip: ${ratio.toFixed(2)} ×`;
  const sizes = `${String(ourBytes)} against ${String(zipBytes)} bytes: ${(growth * 100).toFixed(2)} %`;
  return [
    report('time', times, ratio <= LIMITS.time, `${String(LIMITS.time)} ×`),
    report('size', sizes, growth <= LIMITS.size, `+${String(LIMITS.size * 100)} %`),
    report('memory', `${memory.toFixed(0)} MB at most`, memory <= LIMITS.memory, `${String(LIMITS.memory)} MB`),
  ].every(Boolean);
}

function measure(options: { files: number; megabytes: number; runs: number }): boolean {
  const work = mkdtempSync(join(tmpdir(), 'bench-packaging-'));
  try {
    const root = join(work, 'tree');
    makeTree(root, options.files, options.megabytes);
    console.log(`${String(options.files)} files, ${String(options.megabytes)} MB, ${String(options.runs)} runs each`);
    const runs = Array.from({ length: options.runs }, () => ({ zip: zipOnce(root, work), ours: packOnce(root, work) }));
    return compare(
      runs.map(({ zip }) => zip),
      runs.map(({ ours }) => ours),
    );
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

const { values } = parseArgs({
  options: {
    files: { type: 'string', default: '10000' },
    megabytes: { type: 'string', default: '250' },
    runs: { type: 'string', default: '3' },
    build: { type: 'string' },
    work: { type: 'string', default: tmpdir() },
  },
});

if (values.build !== undefined) await build(values.build, values.work);
else {
  const { files, megabytes, runs } = values;
  const kept = measure({ files: Number(files), megabytes: Number(megabytes), runs: Number(runs) });
  process.exitCode = kept ? 0 : 1;
}
