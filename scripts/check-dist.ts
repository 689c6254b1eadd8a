/** Builds again, elsewhere, and fails when the committed `dist/` is not the same to the byte. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const committed = join(ROOT, 'dist');
const fresh = mkdtempSync(join(tmpdir(), 'fresh-dist-'));

function read(directory: string, file: string): string {
  return readFileSync(join(directory, file)).toString('latin1');
}

execFileSync(process.execPath, [join(ROOT, 'scripts', 'build.ts'), fresh], { stdio: 'inherit' });
const files = new Set([...readdirSync(committed), ...readdirSync(fresh)]);
const differing = [...files].filter((file) => {
  try {
    return read(committed, file) !== read(fresh, file);
  } catch {
    return true;
  }
});
rmSync(fresh, { recursive: true });
if (differing.length > 0) {
  console.error(`dist/ is not what src/ builds to: ${differing.join(', ')}. Run npm run build and commit dist/.`);
  process.exitCode = 1;
} else {
  console.log(`dist/ is byte-equal to a fresh build (${files.size} files).`);
}
