/** A thread of the benchmark: takes one job after the other until the port is closed. */
import { parentPort } from 'node:worker_threads';
import { carryOut } from './job.ts';
import type { Job } from './job.ts';

parentPort?.on('message', (job: Job) => {
  parentPort?.postMessage(carryOut(job));
});
