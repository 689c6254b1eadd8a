/**
 * Builds `dist/`: `tsc` to plain modules without comments, then one bundle with the licences of what is in it.
 *
 *   node scripts/build.ts [directory]
 */
import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundledPackages, readStats, renderLicenses } from './licenses.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const directory = process.argv[2] ?? join(ROOT, 'dist');
const modules = join(ROOT, 'build');
const stats = join(modules, 'stats.json');

function run(tool: string, ...args: string[]): void {
  execFileSync(join(ROOT, 'node_modules', '.bin', tool), args, { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'] });
}

rmSync(modules, { recursive: true, force: true });
rmSync(directory, { recursive: true, force: true });
run('tsc', '-p', 'tsconfig.build.json');
run('ncc', 'build', join(modules, 'index.js'), '-o', directory, '--stats-out', stats);
// The bundler's own licence file is written anew for each chunk, so that only the last one's packages would be named.
writeFileSync(join(directory, 'licenses.txt'), renderLicenses(ROOT, bundledPackages(readStats(stats))));
// The post part is the same bundle: it tells by the name of the file that was started which part it is.
writeFileSync(join(directory, 'post.js'), "import './index.js';\n");
rmSync(modules, { recursive: true });
