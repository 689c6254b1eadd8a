import { quote } from '../model/text.ts';
import type { FileTree, HandlerProblem } from './package.ts';
import { type Wanted, nearMiss } from './near-miss.ts';

/** What a function's configuration says about its handler. */
interface HandlerSettings {
  /** As Lambda names it: `nodejs24.x`, `python3.14`; undefined for images. */
  readonly runtime: string | undefined;
  readonly handler: string | undefined;
  /** The function also loads code that is not in the package: layers, a file system, NODE_PATH or PYTHONPATH. */
  readonly otherCode: boolean;
}

/**
 * Whether the file that the handler names is in the package, by the rules of the Node.js and Python runtimes (sources:
 * UserFunction.js of aws/aws-lambda-nodejs-runtime-interface-client, bootstrap.py of
 * aws/aws-lambda-python-runtime-interface-client). Other runtimes, and handlers in `/opt`, are not judged.
 */
export function findHandlerProblem(tree: FileTree, settings: HandlerSettings): HandlerProblem | undefined {
  const { runtime, handler, otherCode } = settings;
  const find = rulesOf(runtime);
  if (find === undefined || handler === undefined || handler.startsWith('/')) return undefined;
  const wanted = find(handler);
  if (wanted === undefined) return malformed(handler);
  if (wanted.files.some((file) => tree.has(file)) || wanted.elsewhere(tree)) return undefined;
  const miss = nearMiss(tree, handler, wanted);
  const looked = wanted.files.map(quote).join(' or ');
  return {
    severity: otherCode ? 'warning' : 'error',
    message: `the handler ${quote(handler)} needs ${looked}, which the package does not hold${miss.found}`,
    next: miss.next,
  };
}

function rulesOf(runtime: string | undefined): ((handler: string) => Wanted | undefined) | undefined {
  if (runtime?.startsWith('nodejs')) return nodeFiles;
  if (runtime?.startsWith('python')) return pythonFiles;
  return undefined;
}

function malformed(handler: string): HandlerProblem {
  return {
    severity: 'error',
    message: `the handler ${quote(handler)} does not name a file and a function`,
    next: "Set the function's Handler to a file without its extension, a dot and the name of the function, such as index.handler.",
  };
}

/** `src/app.handler`: the module ends at the first dot behind the last slash; `..` is refused by the runtime. */
function nodeFiles(handler: string): Wanted | undefined {
  const slash = handler.lastIndexOf('/') + 1;
  const dot = handler.indexOf('.', slash);
  if (dot <= slash || dot === handler.length - 1 || handler.includes('..')) return undefined;
  const path = handler.slice(0, dot).replace(/^(\.\/)+/, '');
  const module = handler.slice(slash, dot);
  // A file without extension, a folder with an index, and what require.resolve still finds: a package of that name.
  const rare = ['', '/index.js', '/package.json'].map((ending) => path + ending);
  const packaged = ['.js', '/index.js', '/package.json'].map((ending) => `node_modules/${module}${ending}`);
  return {
    files: ['.js', '.mjs', '.cjs'].map((ending) => path + ending),
    elsewhere: (tree) => [...rare, ...packaged].some((file) => tree.has(file)),
    suffix: handler.slice(dot),
  };
}

/** `pkg.mod.fn` or `pkg/mod.fn`: the function stands behind the last dot, the rest is a module to import. */
function pythonFiles(handler: string): Wanted | undefined {
  const dot = handler.lastIndexOf('.');
  if (dot <= 0 || dot === handler.length - 1) return undefined;
  const path = handler.slice(0, dot).replaceAll('.', '/');
  const compiled = ['.pyc', '/__init__.pyc'].map((ending) => path + ending);
  return {
    files: ['.py', '/__init__.py'].map((ending) => path + ending),
    elsewhere: (tree) =>
      compiled.some((file) => tree.has(file)) ||
      // Extension modules carry their platform in the name: mod.cpython-314-x86_64-linux-gnu.so
      tree.files.some((file) => file.startsWith(`${path}.`) && file.endsWith('.so')),
    suffix: handler.slice(dot),
  };
}
