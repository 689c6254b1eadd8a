import js from '@eslint/js';
import tseslint from 'typescript-eslint';

/**
 * Who may import whom. Data flows one way, inputs → package → release → rollout → report, and the shared words of `model/`
 * are all that stages have in common. Adapters (`aws/`, `runner/`) know the ports they implement; `commands/` walk through
 * the stages; the files at the top of `src/` wire everything.
 */
const SRC = ['inputs', 'package', 'release', 'rollout', 'report', 'aws', 'runner', 'commands'];

function room(name, { rooms = [], ports = [], pure = false }) {
  const foreign = SRC.filter((other) => other !== name && !rooms.includes(other));
  const allowed = ports.map((port) => `(?!.*${port})`).join('');
  const groups = [
    { regex: `^(\\.\\./)+${allowed}(${foreign.join('|')})/`, message: `${name}/ must not know this room.` },
    { regex: '^(\\.\\./)+[a-z-]+\\.ts$', message: 'Wiring is imported by nobody.', except: name.includes('/') },
  ].flatMap(({ except, ...group }) => (except === true ? [] : [group]));
  return { files: [`src/${name}/**/*.ts`], rules: restricted(groups, pure) };
}

const OUTSIDE = { regex: '^(node:|@actions/|@aws-sdk/)', message: 'This room is pure.' };

function restricted(patterns, pure) {
  return {
    'no-restricted-imports': ['error', { patterns: pure ? [...patterns, OUTSIDE] : patterns }],
    ...(pure ? PURE : {}),
  };
}

const PURE = {
  'no-restricted-globals': ['error', 'process', 'console', 'setTimeout', 'setInterval', 'fetch', 'Buffer'],
  'no-restricted-properties': [
    'error',
    { object: 'Date', property: 'now', message: 'Time comes through the clock.' },
    { object: 'Math', property: 'random', message: 'This room is pure.' },
  ],
};

export default tseslint.config(
  { ignores: ['dist/', 'build/', 'coverage/', 'node_modules/', 'demo-output/', 'simulator/html/'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.strictTypeChecked, ...tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/explicit-module-boundary-types': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      'max-params': ['error', 3],
      complexity: ['error', 12],
      eqeqeq: 'error',
    },
  },
  room('model', { pure: true }),
  room('inputs', { pure: true }),
  room('package', {}),
  room('release', {}),
  room('rollout', {}),
  room('report', { pure: true }),
  room('aws', { ports: ['release/ports', 'rollout/ports'] }),
  room('runner', { ports: ['rollout/ports'] }),
  room('commands', { rooms: ['inputs', 'package', 'release', 'rollout', 'report'] }),
  {
    files: ['src/rollout/judge/**/*.ts', 'src/rollout/decide/**/*.ts'],
    rules: restricted(
      [{ regex: '^\\.\\./(?!\\.\\./model/|ports)', message: 'Judging and deciding know only model/.' }],
      true,
    ),
  },
  {
    files: ['src/rollout/observe/**/*.ts', 'src/rollout/act/**/*.ts'],
    rules: restricted(
      [{ regex: '^\\.\\./(?!\\.\\./model/|ports)', message: 'Observing and acting know model/ and the ports.' }],
      false,
    ),
  },
  {
    files: ['simulator/**/*.ts', 'bench/**/*.ts', 'scripts/**/*.ts'],
    rules: { 'max-params': ['error', 5] },
  },
  {
    files: ['__tests__/**/*.ts'],
    rules: {
      'max-params': 'off',
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    files: ['**/*.js', '**/*.mjs'],
    languageOptions: {
      globals: Object.fromEntries(
        ['process', 'console', 'URL', 'fetch', 'AbortController'].map((name) => [name, 'readonly']),
      ),
    },
  },
);
