import { Worker } from 'node:worker_threads';
import type { Job, Tallies } from './job.ts';

/**
 * Carries out jobs on as many threads, each taking the next one as soon as it is free. What a job draws depends on its cell,
 * its runs and the seed alone, so how they are shared out changes nothing.
 *
 * @param done called once per job, in the order in which they end
 */
export async function runJobs(
  jobs: readonly Job[],
  threads: number,
  done: (job: Job, tallies: Tallies) => void,
): Promise<void> {
  const waiting = jobs.values();
  await Promise.all(Array.from({ length: threads }, () => work(waiting, done)));
}

async function work(waiting: Iterator<Job>, done: (job: Job, tallies: Tallies) => void): Promise<void> {
  const worker = new Worker(new URL('./worker.ts', import.meta.url));
  try {
    for (let next = waiting.next(); next.done !== true; next = waiting.next()) {
      done(next.value, await ask(worker, next.value));
    }
  } finally {
    await worker.terminate();
  }
}

function ask(worker: Worker, job: Job): Promise<Tallies> {
  return new Promise((resolve, reject) => {
    worker.once('error', reject);
    worker.once('message', (tallies: Tallies) => {
      worker.off('error', reject);
      resolve(tallies);
    });
    worker.postMessage(job);
  });
}
