import { describe, expect, test } from '@jest/globals';
import { findHandlerProblem } from '../../src/package/handler.ts';
import { linkedTree } from '../../src/package/tree.ts';

function problem(runtime: string | undefined, handler: string | undefined, files: string[], otherCode = false) {
  return findHandlerProblem(linkedTree(files, new Map()), { runtime, handler, otherCode });
}

describe('no problem', () => {
  test.each<[string | undefined, string | undefined, string[]]>([
    ['nodejs24.x', 'index.handler', ['index.js']],
    ['nodejs24.x', 'index.handler', ['index.mjs']],
    ['nodejs22.x', 'src/app.handler', ['src/app.cjs']],
    ['nodejs22.x', './src/app.handler', ['src/app.js']],
    ['nodejs22.x', 'src/app.api.v1.get', ['src/app.js']],
    ['nodejs22.x', 'v1.2/app.handler', ['v1.2/app.js']],
    ['nodejs22.x', 'app.handler', ['app']],
    ['nodejs22.x', 'app.handler', ['app/index.js']],
    ['nodejs22.x', 'wrapper.handler', ['node_modules/wrapper/package.json']],
    ['nodejs22.x', '/opt/nodejs/node_modules/datadog-lambda-js/handler.handler', ['index.js']],
    ['nodejs22.x', 'node_modules/datadog-lambda-js/handler.handler', ['node_modules/datadog-lambda-js/handler.mjs']],
    ['python3.14', 'app.handler', ['app.py']],
    ['python3.14', 'pkg.mod.handler', ['pkg/mod.py']],
    ['python3.14', 'pkg/mod.handler', ['pkg/mod/__init__.py']],
    ['python3.14', 'mod.handler', ['mod.pyc']],
    ['python3.14', 'pkg.mod.handler', ['pkg/mod.cpython-314-x86_64-linux-gnu.so']],
    ['java25', 'com.example.Handler::handle', ['com/example/Other.class']],
    ['provided.al2023', 'bootstrap', ['x']],
    ['dotnet10', 'A::B::C', ['x']],
    [undefined, 'index.handler', ['x']],
    ['nodejs24.x', undefined, ['x']],
  ])('%s %s in %j', (runtime, handler, files) => {
    expect(problem(runtime, handler, files)).toBeUndefined();
  });

  test('through linked folders', () => {
    const tree = linkedTree(['src/index.js', 'app'], new Map([['app', 'src']]));
    const settings = { runtime: 'nodejs24.x', handler: 'app/index.handler', otherCode: false };
    expect(findHandlerProblem(tree, settings)).toBeUndefined();
  });
});

describe('a problem', () => {
  const NODE = (path: string) =>
    `needs "${path}.js" or "${path}.mjs" or "${path}.cjs", which the package does not hold`;
  test.each<[string, string, string, string[], string, string]>([
    [
      'one folder deeper',
      'nodejs24.x',
      'index.handler',
      ['node_modules/a/index.js', 'dist/lib/index.js', 'dist/index.js'],
      `${NODE('index')}; it is in the folder "dist", as "dist/index.js"`,
      'Package what is in "dist" instead of the folder itself, or set the function\'s Handler to "dist/index.handler".',
    ],
    [
      'deeper, for a handler in a folder itself',
      'nodejs24.x',
      'src/index.handler',
      ['build/out/src/index.mjs'],
      `${NODE('src/index')}; it is in the folder "build/out", as "build/out/src/index.mjs"`,
      'Package what is in "build/out" instead of the folder itself, or set the function\'s Handler to "build/out/src/index.handler".',
    ],
    [
      'further up',
      'nodejs24.x',
      'dist/index.handler',
      ['index.js'],
      `${NODE('dist/index')}; it is further up, as "index.js"`,
      'Package the folder above, or set the function\'s Handler to "index.handler".',
    ],
    [
      'not compiled',
      'nodejs24.x',
      'src/app.handler',
      ['src/app.ts', 'package.json'],
      `${NODE('src/app')}; only its TypeScript source is there, as "src/app.ts"`,
      'Compile before this step, and set artifact to the folder that the compiler writes to.',
    ],
    [
      'of another case',
      'nodejs24.x',
      'app.handler',
      ['App.js'],
      `${NODE('app')}; "App.js" is there, but Lambda tells capital letters from small ones`,
      'Rename the file, or set the function\'s Handler to "App.handler".',
    ],
    [
      'nowhere',
      'nodejs24.x',
      'app.handler',
      ['main.js', 'lib/a.js', 'lib/b.js'],
      `${NODE('app')}; at its top are "lib", "main.js"`,
      'Check that artifact is the folder or zip that the build made for this function, or correct the function\'s Handler (now "app.handler").',
    ],
    [
      'deeper, in Python',
      'python3.14',
      'pkg.mod.handler',
      ['function/pkg/mod.py', 'lib/python3.14/site-packages/pkg/mod.py'],
      'needs "pkg/mod.py" or "pkg/mod/__init__.py", which the package does not hold; it is in the folder "function", as "function/pkg/mod.py"',
      'Package what is in "function" instead of the folder itself, or set the function\'s Handler to "function/pkg/mod.handler".',
    ],
    [
      'a folder without __init__.py',
      'python3.14',
      'pkg.handler',
      ['pkg/mod.py'],
      'needs "pkg.py" or "pkg/__init__.py", which the package does not hold; at its top are "pkg"',
      'Check that artifact is the folder or zip that the build made for this function, or correct the function\'s Handler (now "pkg.handler").',
    ],
  ])('%s', (_, runtime, handler, files, message, next) => {
    const found = problem(runtime, handler, files);
    expect(found).toEqual({ severity: 'error', message: `the handler "${handler}" ${message}`, next });
  });

  test.each([
    ['nodejs24.x', 'index'],
    ['nodejs24.x', 'src/.handler'],
    ['nodejs24.x', 'index.'],
    ['nodejs24.x', '../index.handler'],
    ['python3.14', 'app'],
    ['python3.14', '.handler'],
  ])('%s %s names nothing, with layers or without', (runtime, handler) => {
    expect(problem(runtime, handler, ['index.js', 'app.py'], true)).toMatchObject({
      severity: 'error',
      message: `the handler "${handler}" does not name a file and a function`,
    });
  });

  test.each([
    ['nodejs22.x', 'newrelic-lambda-wrapper.handler'],
    ['python3.13', 'datadog_lambda.handler.handler'],
  ])('%s %s is only a warning when other code can be loaded', (runtime, handler) => {
    expect(problem(runtime, handler, ['index.js', 'app.py'], true)?.severity).toBe('warning');
    expect(problem(runtime, handler, ['index.js', 'app.py'])?.severity).toBe('error');
  });
});
