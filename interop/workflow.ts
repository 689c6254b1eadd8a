/** A repository with the README's workflow in it, and act to run it. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { OIDC } from '../simulator/github.ts';
import type { Participant } from '../simulator/clock.ts';
import type { Simulator } from '../simulator/index.ts';
import { ROOT } from './tools.ts';

/** What act says, one JSON object a line. */
export interface Said {
  readonly msg: string;
  /** Name of the step. */
  readonly step?: string;
  /** `Pre`, `Main`, `Post`. */
  readonly stage?: string;
  readonly stepResult?: string;
  /** Whether it is output of the step, and the command in it. */
  readonly raw_output?: boolean;
  readonly command?: string;
  readonly name?: string;
  readonly arg?: string;
  /** What the step wrote for its summary. */
  readonly content?: string;
}

export interface WorkflowRun {
  readonly exitCode: number | null;
  readonly said: readonly Said[];
}

export interface RunOptions {
  readonly act: string;
  readonly workflow: string;
  readonly simulator: Simulator;
  /** Real time that act may take, ms. */
  readonly limitMs: number;
  /** As GitHub numbers runs; default '1'. */
  readonly runId?: string;
  readonly end?: EndAt;
}

/** When act gets which signal: SIGINT is a Ctrl-C, after SIGKILL there is no runner any more. */
interface EndAt {
  readonly signal: 'SIGINT' | 'SIGKILL';
  /** When so much simulated time has passed since the scenario's start. */
  readonly atSimulatedMs: number;
}

/** The workflow as it stands in the README, from `name:` on. */
export function workflowOf(readme: string): string {
  const blocks = [...readme.matchAll(/```yaml\n(.*?)```/gs)].map(([, text = '']) => text);
  const workflow = blocks.find((text) => text.startsWith('name: ') && text.includes('\njobs:\n'));
  if (workflow === undefined) throw new Error('The README has no whole workflow');
  return workflow;
}

/** What `npm ci && npm run build` of the workflow finds: a package without dependencies. */
const REPOSITORY: Readonly<Record<string, string>> = {
  'package.json': '{ "name": "shop", "version": "1.0.0", "private": true, "scripts": { "build": "node build.mjs" } }\n',
  'package-lock.json':
    '{ "name": "shop", "version": "1.0.0", "lockfileVersion": 3, "requires": true, "packages": { "": { "name": "shop", "version": "1.0.0" } } }\n',
  'build.mjs':
    "import { mkdirSync, writeFileSync } from 'node:fs';\nmkdirSync('build');\nwriteFileSync('build/index.js', 'exports.handler = async () => 42;\\n');\n",
};

function createRepository(folder: string, workflow: string): void {
  const files = { ...REPOSITORY, '.github/workflows/deploy.yml': workflow };
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const git = (...args: string[]): Buffer =>
    execFileSync('git', ['-c', 'user.name=x', '-c', 'user.email=x@y', ...args], { cwd: folder });
  git('init', '--quiet', '--initial-branch', 'main');
  git('add', '.');
  git('commit', '--quiet', '--message', 'A shop');
  git('remote', 'add', 'origin', 'https://github.com/acme/shop.git');
}

/** The action as a release has it. */
function createAction(folder: string): void {
  mkdirSync(folder);
  for (const part of ['action.yml', 'dist']) cpSync(join(ROOT, part), join(folder, part), { recursive: true });
}

/** Stands in for `actions/setup-node`: Node.js is here already. */
const NOTHING_TO_SET_UP = "name: Nothing to set up\nruns: { using: composite, steps: [{ run: 'true', shell: sh }] }\n";

/**
 * Folders for what the workflow uses, as act wants them: `owner/name@ref=folder`. act skips `actions/checkout` by itself; an
 * action that nobody stands in for is none of ours to replace, and act would fetch it.
 */
export function localActions(folder: string, workflow: string): readonly string[] {
  const used = new Set([...workflow.matchAll(/uses: (\S+)/g)].map(([, name = '']) => name));
  return [...used].flatMap((name) => {
    const own = name.startsWith('lambda-canary-deploy/');
    if (!own && !name.startsWith('actions/setup-node@')) return [];
    return [`${name}=${join(folder, own ? 'action' : 'set-up')}`];
  });
}

function environment({ url }: Simulator, runId: string): Readonly<Record<string, string>> {
  return {
    AWS_ENDPOINT_URL: url,
    AWS_EC2_METADATA_DISABLED: 'true',
    ACTIONS_ID_TOKEN_REQUEST_URL: `${url}${OIDC}?api-version=2.0`,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'simulated-request-token',
    GITHUB_API_URL: `${url}/github`,
    GITHUB_RUN_ID: runId,
    SIMULATOR_URL: url,
    NODE_OPTIONS: `--import=${new URL('../simulator/preload-clock.ts', import.meta.url).href}`,
  };
}

/** Host mode, and nothing from the network: the action comes from here, and the checkout is the repository itself. */
function argumentsFor(folder: string, workflow: string, env: Readonly<Record<string, string>>): string[] {
  return [
    ...['push', '--json', '--action-offline-mode', '--no-cache-server', '--directory', join(folder, 'repository')],
    ...['--platform', 'ubuntu-latest=-self-hosted', '--action-cache-path', join(folder, 'cache')],
    ...['--secret', 'GITHUB_TOKEN=simulated'],
    ...localActions(folder, workflow).flatMap((action) => ['--local-repository', action]),
    ...Object.entries(env).flatMap(([name, value]) => ['--env', `${name}=${value}`]),
  ];
}

/**
 * Arranges for the signal. From then on time stands still, until the returned function lets it pass again: what act does takes
 * real time, in which a rollout that goes on would be over. After that no signal is sent any more.
 */
function arm({ simulator, end }: RunOptions, child: ChildProcess): () => void {
  let isOver = false;
  let seat: Pick<Participant, 'leave'> | undefined;
  if (end !== undefined) {
    simulator.clock.at(simulator.frame.start + end.atSimulatedMs, () => {
      if (isOver) return;
      seat = simulator.clock.join();
      child.kill(end.signal);
    });
  }
  return () => {
    isOver = true;
    seat?.leave();
  };
}

function follow(options: RunOptions, args: readonly string[]): Promise<WorkflowRun> {
  const path = [join(ROOT, 'node_modules', '.bin'), process.env['PATH']].join(':');
  const { HOME: home = '' } = process.env;
  const child = spawn(options.act, args, {
    env: { PATH: path, HOME: home },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: options.limitMs,
  });
  const resume = arm(options, child);
  const said: Said[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      const one = read(line);
      said.push(one);
      if (one.stage === 'Post') resume();
    });
  }
  return new Promise((settle, reject) => {
    child.on('error', reject);
    child.on('close', (exitCode) => {
      resume();
      settle({ exitCode, said });
    });
  });
}

function read(line: string): Said {
  try {
    return JSON.parse(line) as Said;
  } catch {
    return { msg: line };
  }
}

/** Runs the workflow once, against the simulator and on its clock. */
export async function runWorkflow(options: RunOptions): Promise<WorkflowRun> {
  const { workflow, simulator, runId = '1' } = options;
  const folder = mkdtempSync(join(tmpdir(), 'interop-act-'));
  try {
    mkdirSync(join(folder, 'repository'));
    createRepository(join(folder, 'repository'), workflow);
    createAction(join(folder, 'action'));
    mkdirSync(join(folder, 'set-up'));
    writeFileSync(join(folder, 'set-up', 'action.yml'), NOTHING_TO_SET_UP);
    return await follow(options, argumentsFor(folder, workflow, environment(simulator, runId)));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
