import js from '@eslint/js';
import tseslint from 'typescript-eslint';
import { architecture } from './scripts/architecture.js';

const counted = { skipBlankLines: true, skipComments: true };

export default tseslint.config(
  { ignores: ['dist/', 'build/', 'coverage/', 'node_modules/', 'demo-output/', 'simulator/html/'] },
  // No comment switches a rule off.
  { linterOptions: { noInlineConfig: true, reportUnusedDisableDirectives: 'error' } },
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
      'max-lines': ['error', { max: 300, ...counted }],
      'max-lines-per-function': ['error', { max: 45, ...counted }],
      'max-params': ['error', 3],
      complexity: ['error', 12],
      eqeqeq: 'error',
    },
  },
  {
    files: ['src/**'],
    plugins: { architecture },
    rules: { 'architecture/rooms': 'error' },
  },
  {
    files: ['simulator/**/*.ts', 'bench/**/*.ts', 'scripts/**/*.ts'],
    rules: { 'max-params': ['error', 5] },
  },
  {
    files: ['__tests__/**/*.ts'],
    rules: {
      'max-params': 'off',
      'max-lines': ['error', { max: 400, ...counted }],
      // A `describe` is a function, too.
      'max-lines-per-function': 'off',
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
