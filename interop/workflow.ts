/** A repository with the README's workflow in it, and act to run it. */
import { execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { OIDC } from '../simulator/github.ts';
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

function environment({ url }: Simulator): Readonly<Record<string, string>> {
  return {
    AWS_ENDPOINT_URL: url,
    AWS_EC2_METADATA_DISABLED: 'true',
    ACTIONS_ID_TOKEN_REQUEST_URL: `${url}${OIDC}?api-version=2.0`,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'simulated-request-token',
    GITHUB_API_URL: `${url}/github`,
    SIMULATOR_URL: url,
    NODE_OPTIONS: `--import=${new URL('../simulator/preload-clock.ts', import.meta.url).href}`,
  };
}

/** Host mode, and nothing from the network: the action comes from here, and the checkout is the repository itself. */
function argumentsFor(folder: string, env: Readonly<Record<string, string>>): string[] {
  return [
    ...['push', '--json', '--action-offline-mode', '--no-cache-server', '--directory', join(folder, 'repository')],
    ...['--platform', 'ubuntu-latest=-self-hosted', '--action-cache-path', join(folder, 'cache')],
    ...['--local-repository', `lambda-canary-deploy/lambda-canary-deploy@v1=${join(folder, 'action')}`],
    ...Object.entries(env).flatMap(([name, value]) => ['--env', `${name}=${value}`]),
  ];
}

function follow(act: string, args: readonly string[], limitMs: number): Promise<WorkflowRun> {
  const path = [join(ROOT, 'node_modules', '.bin'), process.env['PATH']].join(':');
  const { HOME: home = '' } = process.env;
  const child = spawn(act, args, {
    env: { PATH: path, HOME: home },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: limitMs,
  });
  const said: Said[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => said.push(read(line)));
  }
  return new Promise((settle, reject) => {
    child.on('error', reject);
    child.on('close', (exitCode) => {
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
export async function runWorkflow(options: {
  readonly act: string;
  readonly workflow: string;
  readonly simulator: Simulator;
  readonly limitMs: number;
}): Promise<WorkflowRun> {
  const folder = mkdtempSync(join(tmpdir(), 'interop-act-'));
  try {
    mkdirSync(join(folder, 'repository'));
    createRepository(join(folder, 'repository'), options.workflow);
    createAction(join(folder, 'action'));
    return await follow(options.act, argumentsFor(folder, environment(options.simulator)), options.limitMs);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
