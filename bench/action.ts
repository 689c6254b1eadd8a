/**
 * What a deployment costs beside its dwell times, measured on `dist/` against the simulator: the start of the process, the
 * calls to AWS, the size of the bundle, the waits. Run with `node bench/action.ts`; `--strict` also fails on timings,
 * which depend on the machine.
 */
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { spawn } from 'node:child_process';
import { runAction, startSimulator } from '../simulator/index.ts';
import type { ApiCall, RunResult, Simulator } from '../simulator/index.ts';
import { NAMES, scenarios } from '../simulator/scenarios.ts';

const DIST = fileURLToPath(new URL('../dist/', import.meta.url));
const STARTS = 15;
const LIMITS = { startMs: 250, unchangedCalls: 5, bundleBytes: 3.6e6, callsPerPoll: 1, lagMs: 2_000 } as const;

/** Prints one figure beside its limit; returns whether it is kept. */
function report(what: string, figure: string, kept: boolean, limit: string): boolean {
  console.log(`${what.padEnd(46)} ${figure.padEnd(30)} ${kept ? 'kept  ' : 'MISSED'} (limit ${limit})`);
  return kept;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

/** A server that answers nothing and tells when the first request came. */
async function listen(): Promise<{ server: Server; url: string; nextCall: () => Promise<number> }> {
  let arrived: (at: number) => void = () => undefined;
  const server = createServer(() => {
    arrived(performance.now());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  const nextCall = () =>
    new Promise<number>((resolve) => {
      arrived = resolve;
    });
  return { server, url: `http://127.0.0.1:${port}`, nextCall };
}

function stepEnvironment(folder: string, app: string, url: string): Record<string, string> {
  for (const name of ['output', 'state', 'summary']) writeFileSync(join(folder, name), '');
  return {
    PATH: process.env['PATH'] ?? '',
    RUNNER_TEMP: folder,
    GITHUB_OUTPUT: join(folder, 'output'),
    GITHUB_STATE: join(folder, 'state'),
    GITHUB_STEP_SUMMARY: join(folder, 'summary'),
    AWS_ENDPOINT_URL: url,
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'AKIDBENCH',
    AWS_SECRET_ACCESS_KEY: 'bench',
    'INPUT_FUNCTION-NAME': NAMES.function,
    INPUT_ARTIFACT: app,
  };
}

/** Real ms from the start of the process to the arrival of its first call, once per process. */
async function measureStarts(folder: string, app: string): Promise<readonly number[]> {
  const { server, url, nextCall } = await listen();
  const env = stepEnvironment(folder, app, url);
  const times: number[] = [];
  for (let index = 0; index <= STARTS; index += 1) {
    const call = nextCall();
    const start = performance.now();
    const child = spawn(process.execPath, [join(DIST, 'index.js')], { env, stdio: 'ignore' });
    const ended = new Promise((resolve) => child.on('close', resolve));
    const gone = ended.then(() => Promise.reject(new Error('dist/index.js ended without a call to AWS')));
    const time = (await Promise.race([call, gone.catch((error: unknown) => Promise.reject(error as Error))])) - start;
    gone.catch(() => undefined);
    child.kill('SIGKILL');
    await ended;
    // The first one also reads the bundle from a cold disk.
    if (index > 0) times.push(time);
  }
  server.closeAllConnections();
  server.close();
  return times;
}

async function deploy(simulator: Simulator, app: string, inputs: Record<string, string>): Promise<RunResult> {
  const run = await runAction({ simulator, inputs: { 'function-name': NAMES.function, artifact: app, ...inputs } });
  if (run.exitCode !== 0) throw new Error(`the deployment failed:\n${run.stdout}${run.stderr}`);
  return run;
}

async function measureUnchanged(app: string): Promise<number> {
  const simulator = await startSimulator(scenarios.healthy());
  await deploy(simulator, app, { strategy: 'all-at-once' });
  const before = simulator.calls.length;
  const run = await deploy(simulator, app, {});
  if (run.outputs['result'] !== 'unchanged') throw new Error(`expected unchanged, got ${run.outputs['result'] ?? ''}`);
  const count = simulator.calls.length - before;
  await simulator.close();
  return count;
}

/** One reads the baseline's past, one the alias' share of the function's traffic, one what invocations took in the end. */
const BESIDE_POLLS = 3;

/** GetMetricData calls of a rollout, less those that are no poll's, per poll. */
async function measurePolls(app: string): Promise<number> {
  const simulator = await startSimulator(scenarios.healthy());
  const run = await deploy(simulator, app, { strategy: '10% 20m' });
  const { polls } = JSON.parse(readFileSync(run.outputs['report'] ?? '', 'utf8')) as { polls: readonly unknown[] };
  await simulator.close();
  const reads = simulator.calls.filter(({ action }) => action === 'GetMetricData').length - BESIDE_POLLS;
  return reads / polls.length;
}

/** Simulated ms between Lambda being done and the next call that makes use of it: the update, then the new version. */
async function measureLags(
  app: string,
  durations: { updateMs: number; pendingMs: number },
): Promise<readonly number[]> {
  const base = scenarios.healthy();
  const functions = base.functions?.map((fn) => ({ ...fn, ...durations })) ?? [];
  const simulator = await startSimulator({ ...base, functions });
  await deploy(simulator, app, { strategy: 'all-at-once' });
  await simulator.close();
  const at = (action: string): number => timeOf(simulator.calls, action);
  return [
    at('PublishVersion') - at('UpdateFunctionCode') - durations.updateMs,
    at('UpdateAlias') - at('PublishVersion') - durations.pendingMs,
  ];
}

function timeOf(calls: readonly ApiCall[], wanted: string): number {
  const call = calls.find(({ action }) => action === wanted);
  if (call === undefined) throw new Error(`there was no ${wanted}`);
  return call.at;
}

function sizeOf(files: readonly string[]): number {
  return files.reduce((sum, file) => sum + statSync(join(DIST, file)).size, 0);
}

function measureSizes(): boolean {
  const code = readdirSync(DIST).filter((file) => file.endsWith('.js'));
  const [index, all] = [sizeOf(['index.js']), sizeOf(code)];
  const kept = report('dist/index.js', `${index} bytes`, index <= LIMITS.bundleBytes, `${LIMITS.bundleBytes} bytes`);
  console.log(`${'all code in dist/, loaded when it is needed'.padEnd(46)} ${all} bytes in ${code.length} files`);
  return kept;
}

async function measureCalls(app: string): Promise<boolean> {
  const calls = await measureUnchanged(app);
  const perPoll = await measurePolls(app);
  const kept = [
    report(
      'an unchanged deployment',
      `${calls} calls`,
      calls <= LIMITS.unchangedCalls,
      `${LIMITS.unchangedCalls} calls`,
    ),
    report('GetMetricData per poll', perPoll.toFixed(2), perPoll <= LIMITS.callsPerPoll, String(LIMITS.callsPerPoll)),
  ];
  return kept.every(Boolean);
}

async function measureWaits(app: string): Promise<boolean> {
  const lags: number[] = [];
  for (const updateMs of [1_000, 7_300, 61_000]) lags.push(...(await measureLags(app, { updateMs, pendingMs: 5_900 })));
  const most = Math.max(...lags);
  const limit = LIMITS.lagMs;
  return report(
    'from a change of state to the next call',
    `${most.toFixed(0)} ms at most`,
    most <= limit,
    `${limit} ms`,
  );
}

async function measure(strict: boolean): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-action-'));
  try {
    const app = join(folder, 'app');
    const times = await measureStarts(folder, makeApp(app));
    const middle = median(times);
    const figure = `${middle.toFixed(0)} ms (median of ${times.length})`;
    const quick = report('from start to the first call', figure, middle <= LIMITS.startMs, `${LIMITS.startMs} ms`);
    const kept = [measureSizes(), await measureCalls(app), await measureWaits(app)];
    return kept.every(Boolean) && (quick || !strict);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function makeApp(folder: string): string {
  mkdirSync(folder);
  writeFileSync(join(folder, 'index.mjs'), 'export const handler = () => ({ statusCode: 200 });\n');
  return folder;
}

const { values } = parseArgs({ options: { strict: { type: 'boolean', default: false } } });
process.exitCode = (await measure(values.strict)) ? 0 : 1;
