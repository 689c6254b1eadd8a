import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { parseActionFile } from './action-yml.ts';
import type { ActionFile } from './action-yml.ts';
import type { Participant } from './clock.ts';
import { OIDC } from './github.ts';
import type { Simulator } from './simulator.ts';
import { createStepFiles, parseAnnotations, parseKeyValues, readText } from './runner-files.ts';
import type { Annotation, StepFiles } from './runner-files.ts';
import { armSignal } from './runner-signals.ts';
import type { SignalAt } from './runner-signals.ts';

export interface RunOptions {
  readonly simulator: Simulator;
  /** By the names of `action.yml`; its defaults fill in the rest. */
  readonly inputs: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  /** Default: what `action.yml` names. */
  readonly entry?: string;
  /** The workspace; default: the repository. */
  readonly cwd?: string;
  /** Saved state of an earlier entry of the same step. */
  readonly state?: Readonly<Record<string, string>>;
  /** Several are sent independently of each other. */
  readonly signalAt?: SignalAt | readonly SignalAt[];
  /** The job has `permissions: id-token: write`. */
  readonly idToken?: boolean;
  readonly onLine?: (line: string) => void;
  /** Instead of the defaults in `action.yml`. */
  readonly defaults?: Readonly<Record<string, string>>;
}

export interface RunResult {
  /** null when a signal ended the process. */
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Of stdout. */
  readonly lines: readonly string[];
  readonly outputs: Readonly<Record<string, string>>;
  readonly state: Readonly<Record<string, string>>;
  readonly summary: string;
  readonly annotations: readonly Annotation[];
  /** RUNNER_TEMP of the step; there until the simulator is closed. */
  readonly temp: string;
}

type Child = ChildProcessByStdio<null, Readable, Readable>;

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const PRELOAD = new URL('./preload-clock.ts', import.meta.url).href;

function readActionFile(): ActionFile {
  return parseActionFile(readText(join(ROOT, 'action.yml')));
}

/** Node 24 or later: this process', or the one among the development dependencies. */
function nodeBinary(): string {
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  const installed = join(ROOT, 'node_modules', '.bin', 'node');
  return existsSync(installed) ? installed : process.execPath;
}

/** As the runner names them: upper case, spaces to underscores, hyphens kept. */
function inputEnvironment(inputs: Readonly<Record<string, string>>): Record<string, string> {
  const name = (input: string): string => `INPUT_${input.replaceAll(' ', '_').toUpperCase()}`;
  return Object.fromEntries(Object.entries(inputs).map(([input, value]) => [name(input), value]));
}

function githubEnvironment(simulator: Simulator, cwd: string): Record<string, string> {
  return {
    CI: 'true',
    GITHUB_ACTIONS: 'true',
    GITHUB_REPOSITORY: 'acme/shop',
    GITHUB_SHA: '0123456789abcdef0123456789abcdef01234567',
    GITHUB_RUN_ID: '1001',
    GITHUB_RUN_NUMBER: '17',
    GITHUB_RUN_ATTEMPT: '1',
    GITHUB_JOB: 'deploy',
    GITHUB_WORKFLOW: 'release',
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_API_URL: `${simulator.url}/github`,
    GITHUB_WORKSPACE: cwd,
  };
}

/** A user's own keys. `AWS_SESSION_TOKEN` in the `env` of a run makes a session of them, which does not say when it ends. */
function awsEnvironment({ url, frame }: Simulator): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: url,
    AWS_REGION: frame.region,
    AWS_ACCESS_KEY_ID: 'AKIDSIMULATED',
    AWS_SECRET_ACCESS_KEY: 'simulated',
    AWS_EC2_METADATA_DISABLED: 'true',
  };
}

function oidcEnvironment({ url }: Simulator): Record<string, string> {
  return {
    ACTIONS_ID_TOKEN_REQUEST_URL: `${url}${OIDC}?api-version=2.0`,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'simulated-request-token',
  };
}

/** What of this process' own environment a step may see. */
function inheritedEnvironment(): Record<string, string> {
  const inherited: Record<string, string> = {};
  for (const name of ['PATH', 'HOME', 'TMPDIR', 'NODE_OPTIONS', 'NODE_V8_COVERAGE']) {
    const value = process.env[name];
    if (value !== undefined) inherited[name] = value;
  }
  return inherited;
}

function environment(options: RunOptions, action: ActionFile, files: StepFiles, seat: Participant, folder: string) {
  const { simulator, cwd = ROOT } = options;
  const defaults = options.defaults ?? action.defaults;
  const state: Record<string, string> = {};
  for (const [name, value] of Object.entries(options.state ?? {})) state[`STATE_${name}`] = value;
  return {
    ...inheritedEnvironment(),
    ...githubEnvironment(simulator, cwd),
    ...awsEnvironment(simulator),
    ...files,
    RUNNER_TEMP: folder,
    RUNNER_OS: 'Linux',
    ...(options.idToken === true ? oidcEnvironment(simulator) : {}),
    SIMULATOR_URL: simulator.url,
    SIMULATOR_PARTICIPANT: seat.id,
    ...inputEnvironment({ ...defaults, ...options.inputs }),
    ...state,
    ...options.env,
  };
}

function follow(child: Child, onLine: ((line: string) => void) | undefined) {
  const lines: string[] = [];
  const errors: string[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line);
    onLine?.(line);
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => errors.push(text));
  return { lines, stderr: () => errors.join('') };
}

function whenClosed(child: Child): Promise<{ exitCode: number | null; signal: NodeJS.Signals | null }> {
  return new Promise((settle, reject) => {
    child.on('error', reject);
    child.on('close', (exitCode, signal) => {
      settle({ exitCode, signal });
    });
  });
}

function collect(files: StepFiles, lines: readonly string[]) {
  return {
    stdout: lines.map((line) => `${line}\n`).join(''),
    lines,
    outputs: parseKeyValues(readText(files.GITHUB_OUTPUT)),
    state: parseKeyValues(readText(files.GITHUB_STATE)),
    summary: readText(files.GITHUB_STEP_SUMMARY),
    annotations: parseAnnotations(lines),
  };
}

/** The seat at the clock is taken before the process starts, so that time waits for it from the beginning. */
async function start(options: RunOptions, entry: string, action: ActionFile, folder: string): Promise<RunResult> {
  const files = createStepFiles(folder);
  const { simulator, cwd = ROOT } = options;
  simulator.clock.leave();
  const seat = simulator.clock.join();
  const env = environment(options, action, files, seat, folder);
  const command = ['--import', PRELOAD, resolve(ROOT, entry)];
  const child = spawn(nodeBinary(), command, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const disarm = [options.signalAt ?? []].flat().map((signal) => armSignal(simulator, child, signal));
  const output = follow(child, options.onLine);
  try {
    return { ...(await whenClosed(child)), ...collect(files, output.lines), stderr: output.stderr(), temp: folder };
  } finally {
    for (const take of disarm) take();
    seat.leave();
  }
}

async function run(options: RunOptions, entry: string | undefined, action: ActionFile): Promise<RunResult> {
  if (entry === undefined) throw new Error('action.yml names no such entry; give one');
  const folder = mkdtempSync(join(tmpdir(), 'simulator-step-'));
  options.simulator.onClose(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return start(options, entry, action, folder);
}

/** Runs the action's main entry as the Actions runner would, against the simulator and on its clock. */
export function runAction(options: RunOptions): Promise<RunResult> {
  const action = readActionFile();
  return run(options, options.entry ?? action.main, action);
}

/** Runs the post entry of the same step; `state` is what the main entry saved. */
export function runPost(options: RunOptions): Promise<RunResult> {
  const action = readActionFile();
  return run(options, options.entry ?? action.post, action);
}
