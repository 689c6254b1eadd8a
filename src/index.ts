import { basename } from 'node:path';
import { main } from './main.ts';
import { post } from './post.ts';
import { readHost, readPostHost } from './wiring.ts';

/** `dist/post.js` holds one line that imports this bundle: both parts of the step share it. */
const isPost = basename(process.argv[1] ?? '') === 'post.js';

await (isPost ? post(readPostHost(process)) : main(readHost(process)));
// Requests that nobody waits for any more would keep the process, and with it the job. What was written goes out first.
process.stdout.write('', () => process.exit());
