/** Foreign tools, installed in their pinned versions into a cache that is not committed. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('..', import.meta.url));
const CACHE = process.env['INTEROP_CACHE'] ?? join(ROOT, 'node_modules', '.cache', 'interop');
const ACT = 'v0.2.89';
const REQUIREMENTS = join(ROOT, 'interop', 'requirements.txt');
/** How long one installation may take, ms. */
const PATIENCE = 4 * 60_000;

/** Why a tool is not there: a machine without it is no reason to fail. */
export class Unavailable extends Error {
  override readonly name = 'Unavailable';
}

function install(command: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): void {
  const stdio = ['ignore', 'ignore', 'pipe'] as const;
  const result = spawnSync(command, args, { stdio: [...stdio], timeout: PATIENCE, env: { ...process.env, ...env } });
  if (result.error === undefined && result.status === 0) return;
  const why = result.error?.message ?? result.stderr.toString().trim().split('\n').at(-1) ?? '';
  throw new Unavailable(`${[command, ...args.slice(0, 2)].join(' ')} failed: ${why.slice(0, 300)}`);
}

/** The path of act, which runs workflows without GitHub (https://github.com/nektos/act), from the Go module proxy. */
export function installAct(): string {
  const folder = join(CACHE, `act-${ACT}`);
  const path = join(folder, 'act');
  if (!existsSync(path)) install('go', ['install', `github.com/nektos/act@${ACT}`], { GOBIN: folder });
  return path;
}

/** The folder of the commands of `requirements.txt`, from PyPI: `moto_server`, `cfn-lint`. */
export function installPython(): string {
  const hash = createHash('sha256').update(readFileSync(REQUIREMENTS)).digest('hex').slice(0, 12);
  const folder = join(CACHE, `python-${hash}`);
  const [bin, done] = [join(folder, 'bin'), join(folder, 'installed')];
  if (existsSync(done)) return bin;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(CACHE, { recursive: true });
  install('python3', ['-m', 'venv', folder]);
  install(join(bin, 'pip'), ['install', '--quiet', '--disable-pip-version-check', '-r', REQUIREMENTS]);
  // Half an installation is none.
  writeFileSync(done, '');
  return bin;
}
