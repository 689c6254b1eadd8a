/**
 * The bill of materials (CycloneDX) of what can be in `dist/`: npm's own, made of the lock file, less what is for development
 * only. npm's `--omit dev` is not used for that: it also leaves out packages that something of development could have beside it.
 *
 *   node scripts/sbom.ts > sbom.cdx.json
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';

interface Component {
  readonly 'bom-ref': string;
  readonly name: string;
  readonly properties?: readonly { readonly name: string; readonly value: string }[];
}

/** What is read of a bill of materials (CycloneDX 1.5); all else in it stays as it is. */
export interface Bill {
  readonly metadata: { readonly component: Component };
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
}

/** The bill without packages that npm marks as development, called after the package and not after its folder. */
export function bundled<T extends Bill>(bill: T, name: string): T {
  const components = bill.components.filter(({ properties = [] }) => !properties.some(isDevelopment));
  const { component } = bill.metadata;
  const kept = new Set([component['bom-ref'], ...components.map((one) => one['bom-ref'])]);
  const dependencies = bill.dependencies
    .filter(({ ref }) => kept.has(ref))
    .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((one) => kept.has(one)) }));
  return { ...bill, metadata: { ...bill.metadata, component: { ...component, name } }, components, dependencies };
}

function isDevelopment({ name, value }: { name: string; value: string }): boolean {
  return name === 'cdx:npm:package:development' && value === 'true';
}

/** Of the repository in `root`. */
export function billOf(root: string): Bill {
  const options = ['--package-lock-only', '--sbom-type', 'application', '--sbom-format', 'cyclonedx'];
  const bytes = 64 * 1024 * 1024;
  const text = execFileSync('npm', ['sbom', ...options], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: bytes,
    stdio: 'pipe',
  });
  const { name } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8')) as { name: string };
  return bundled(JSON.parse(text) as Bill, name);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  console.log(JSON.stringify(billOf(fileURLToPath(new URL('..', import.meta.url))), null, 2));
}
