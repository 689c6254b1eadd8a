/**
 * Who may know whom, as an ESLint rule: every room of `src/` has a list of what it may import and of the globals it may
 * use, and all else is refused. Paths are resolved first, so that no way of writing one goes round the list.
 */
import { dirname, posix, relative, sep } from 'node:path';

/** The language itself, less what reads the clock, makes code of text or reaches everything else (`globalThis`). */
const LANGUAGE = [
  ...['undefined', 'NaN', 'Infinity', 'Number', 'BigInt', 'Boolean', 'String', 'Symbol', 'Object', 'Array', 'RegExp'],
  ...['Error', 'AggregateError', 'RangeError', 'SyntaxError', 'TypeError', 'Map', 'Set', 'WeakMap', 'WeakSet', 'JSON'],
  ...['Promise', 'Proxy', 'Reflect', 'ArrayBuffer', 'DataView', 'Uint8Array', 'Uint32Array', 'Float64Array'],
  ...['isFinite', 'isNaN', 'parseFloat', 'parseInt', 'encodeURIComponent', 'decodeURIComponent'],
  ...['Math', 'Date', 'TextEncoder', 'TextDecoder'],
];
/** What Node.js adds and can be used without touching the world. */
const VALUES = [...LANGUAGE, 'Buffer', 'URL', 'AbortController', 'AbortSignal', 'structuredClone'];

const FILES = ['node:fs', 'node:fs/promises', 'node:path', 'node:crypto', 'node:stream', 'node:stream/promises'];
const STAGES = ['inputs', 'package', 'release', 'checks', 'rollout', 'surroundings', 'errors', 'report', 'announce'];

/**
 * The first entry that holds a file (`at`: a folder or a file below `src/`) says all about it: `rooms` (folders and files
 * of `src/`, its own folder is free), `types` (only for their types), `packages` (`*` ends one), `globals`, and whether it
 * may read the clock or import while running. A file of `src/` that none holds is refused.
 */
export const ROOMS = [
  { at: 'model/' },
  { at: 'inputs/', rooms: ['model/'], packages: ['zod/mini', 'parse-duration', 'yaml'] },
  {
    at: 'package/',
    rooms: ['model/'],
    packages: [...FILES, 'node:util', 'node:zlib', 'fflate', 'picomatch', 'yauzl'],
    globals: VALUES,
  },
  { at: 'release/code.ts', rooms: ['release/', 'model/'], packages: FILES, globals: VALUES },
  { at: 'release/', rooms: ['model/'], globals: VALUES },
  { at: 'checks/payloads.ts', rooms: ['model/'], packages: FILES, globals: VALUES },
  { at: 'checks/', rooms: ['model/'], globals: VALUES },
  { at: 'capacity/', rooms: ['model/', 'rollout/ports.ts', 'rollout/act/patience.ts'], globals: VALUES },
  { at: 'rollout/observe/', rooms: ['model/', 'rollout/ports.ts'] },
  { at: 'rollout/judge/', rooms: ['model/'] },
  { at: 'rollout/decide/', rooms: ['model/'], types: ['rollout/ports.ts'] },
  {
    at: 'rollout/act/',
    rooms: ['model/', 'rollout/ports.ts'],
    packages: ['node:util', 'node:zlib', 'base32768'],
    globals: VALUES,
  },
  { at: 'rollout/', rooms: ['model/'], globals: VALUES },
  { at: 'surroundings/', rooms: ['model/'] },
  { at: 'errors/', rooms: ['model/'] },
  { at: 'report/', rooms: ['model/'], packages: ['markdown-table'] },
  { at: 'announce/', rooms: ['model/', 'report/'], globals: VALUES },
  {
    at: 'aws/',
    rooms: [
      'model/',
      'checks/ports.ts',
      'release/ports.ts',
      'rollout/ports.ts',
      'surroundings/ports.ts',
      'announce/ports.ts',
    ],
    types: ['capacity/ports.ts', 'errors/ports.ts', 'release/old-versions.ts', 'release/wake.ts'],
    packages: ['node:fs', 'node:https', '@aws-sdk/*', '@smithy/*'],
    globals: [...VALUES, 'process'],
  },
  {
    at: 'runner/',
    rooms: ['model/', 'checks/ports.ts', 'rollout/ports.ts', 'announce/ports.ts'],
    types: ['capacity/ports.ts'],
    packages: ['node:child_process', 'node:crypto', 'node:os', 'node:stream', '@actions/*', 'zod/mini'],
    globals: [...VALUES, 'process'],
  },
  { at: 'commands/', rooms: ['model/', 'capacity/', ...STAGES.map((stage) => `${stage}/`)], globals: VALUES },
  { at: 'clock.ts', rooms: ['model/'], globals: [...VALUES, 'globalThis', 'setTimeout', 'clearTimeout'], clock: true },
  { at: 'host.ts', types: ['commands/', 'inputs/', 'model/', 'package/package.ts'] },
  { at: 'settings-file.ts', rooms: ['inputs/', 'model/', 'package/text.ts'], packages: FILES, globals: VALUES },
  { at: 'main.ts', rooms: [''], packages: FILES, globals: VALUES },
  { at: 'post.ts', rooms: [''], packages: FILES, globals: VALUES },
  { at: 'reporting.ts', rooms: ['host.ts', 'commands/', 'model/', 'report/'], packages: FILES, globals: VALUES },
  {
    at: 'wiring.ts',
    rooms: [''],
    packages: ['node:os', '@actions/*'],
    globals: [...VALUES, 'process'],
    dynamic: true,
  },
  { at: 'index.ts', rooms: [''], packages: FILES, globals: [...VALUES, 'process'] },
];

/** Whether a path or a package is on a list; folders end with `/` and hold all below, `*` stands for any ending. */
function listed(name, list = []) {
  return list.some((entry) => {
    if (entry.endsWith('*')) return name.startsWith(entry.slice(0, -1));
    return name === entry || (entry === '' || entry.endsWith('/') ? name.startsWith(entry) : false);
  });
}

/** The path of an import below `src/` (`../x` where it leaves it), or undefined for a package. */
function pathBelowSrc(file, source) {
  if (!/^(\.|\/|file:|#)/.test(source)) return undefined;
  return posix.normalize(posix.join(dirname(file), source));
}

function mayImport(room, { path, source, typesOnly }) {
  if (path === undefined) return listed(source, room.packages);
  const own = room.at.endsWith('/') ? [room.at] : [];
  return listed(path, [...own, ...(room.rooms ?? [])]) || (typesOnly && listed(path, room.types));
}

function onlyTypes({ type, importKind, exportKind, specifiers = [] }) {
  if (type === 'TSImportType' || importKind === 'type' || exportKind === 'type') return true;
  return specifiers.length > 0 && specifiers.every((one) => one.importKind === 'type' || one.exportKind === 'type');
}

/** Checks one import; `source` is the node that names the module. */
function importProblem(room, file, node, source) {
  const text = source?.type === 'Literal' ? source.value : undefined;
  if (typeof text !== 'string') return 'What is imported must be a plain text.';
  if (node.type === 'ImportExpression' && room.dynamic !== true) return 'Only wiring.ts imports while it runs.';
  if (mayImport(room, { path: pathBelowSrc(file, text), source: text, typesOnly: onlyTypes(node) })) return undefined;
  return `${room.at} may not know '${text}'; see "The map" in CONTRIBUTING.md.`;
}

function globalProblem(room, { name, parent, range }) {
  if (!listed(name, room.globals ?? LANGUAGE)) return `${room.at} may not use ${name}.`;
  if (name === 'Math' && !isMember(parent, range, notRandom) && !isTakenApart(parent, notRandom)) {
    return 'Chance has no place here.';
  }
  if (name === 'Date' && room.clock !== true && !makesNoUseOfTheClock(parent, range)) {
    return 'Time comes through the clock.';
  }
  return undefined;
}

const notRandom = (property) => property !== 'random';

/** `Math.max`, named plainly; `Math` itself, or `Math[name]`, could be anything. */
function isMember(parent, range, allows) {
  const named = parent.type === 'MemberExpression' && !parent.computed && parent.object.range[0] === range[0];
  return named && allows(parent.property.name);
}

/** `const { exp, log } = Math`. */
function isTakenApart(parent, allows) {
  if (parent.type !== 'VariableDeclarator' || parent.id.type !== 'ObjectPattern') return false;
  return parent.id.properties.every(({ type, computed, key }) => type === 'Property' && !computed && allows(key.name));
}

/** `new Date(ms)` and `Date.UTC(…)`, but not `new Date()`. */
function makesNoUseOfTheClock(parent, range) {
  if (isMember(parent, range, (property) => property === 'UTC' || property === 'parse')) return true;
  return parent.type === 'NewExpression' && parent.arguments.length > 0 && parent.arguments[0].type !== 'SpreadElement';
}

/** References to values that no line of the file declares. */
function globalReferences(scope) {
  const own = scope.references.filter(({ resolved, isValueReference }) => {
    const foreign = resolved === null || (resolved.scope.type === 'global' && resolved.defs.length === 0);
    return foreign && isValueReference !== false;
  });
  return [...own.map(({ identifier }) => identifier), ...scope.childScopes.flatMap(globalReferences)];
}

function create(context) {
  const file = relative('src', relative(context.cwd, context.filename)).split(sep).join('/');
  const room = ROOMS.find(({ at }) => listed(file, [at]));
  const report = (node, message) => {
    if (message !== undefined) context.report({ node, message });
  };
  if (room === undefined) return { Program: (node) => report(node, `src/${file} belongs to no room.`) };
  const check = (node) => report(node, importProblem(room, file, node, node.source));
  return {
    ImportDeclaration: check,
    ImportExpression: check,
    ExportAllDeclaration: check,
    'ExportNamedDeclaration[source]': check,
    TSImportType: check,
    TSImportEqualsDeclaration: (node) => report(node, 'Modules are imported as ECMAScript modules.'),
    'Program:exit': (node) => {
      for (const name of globalReferences(context.sourceCode.getScope(node))) report(name, globalProblem(room, name));
    },
  };
}

/** The plugin: one rule, `architecture/rooms`, for the files of `src/`. */
export const architecture = { rules: { rooms: { meta: { type: 'problem', schema: [] }, create } } };
