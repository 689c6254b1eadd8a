import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import type { Job, Tallies } from './job.ts';

/**
 * What jobs have come to, a line of JSON each, so that a benchmark of hours that is stopped goes on where it was. What a
 * job draws depends on its name alone; whether the code is still the same is for whoever keeps the file to know.
 */
export class Checkpoint {
  #path: string | undefined;
  #known = new Map<string, Tallies>();

  /** Without a path nothing is kept. */
  constructor(path: string | undefined) {
    this.#path = path;
    if (path === undefined || !existsSync(path)) return;
    for (const line of readFileSync(path, 'utf8').split('\n').slice(0, -1)) {
      const { job, tallies } = JSON.parse(line, fromJson) as { job: Job; tallies: Tallies };
      this.#known.set(nameOf(job), tallies);
    }
  }

  find(job: Job): Tallies | undefined {
    return this.#known.get(nameOf(job));
  }

  add(job: Job, tallies: Tallies): void {
    if (this.#path !== undefined) appendFileSync(this.#path, `${JSON.stringify({ job, tallies }, toJson)}\n`);
  }
}

function nameOf({ cell, from, to, seed, plan }: Job): string {
  return [cell, from, to, seed, plan].join(' ');
}

/** Times that never came are infinite, which JSON does not know. */
function toJson(_key: string, value: unknown): unknown {
  return value === Infinity ? 'never' : value;
}

function fromJson(_key: string, value: unknown): unknown {
  return value === 'never' ? Infinity : value;
}
