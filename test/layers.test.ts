// Who may import whom, and what pure code must not touch. The table is the one in ARCHITECTURE.md.
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { test } from 'node:test';

const src = join(import.meta.dirname, '../src');

/** A folder of src/ (or a file at its top) and its floor: it imports from lower floors only. */
const floors: Readonly<Record<string, number>> = {
  cli: 9,
  'index.ts': 8,
  build: 7,
  history: 7,
  imagetools: 7,
  telemetry: 7,
  bake: 6,
  builder: 6,
  progress: 6,
  session: 5,
  buildkit: 4,
  docker: 3,
  kube: 3,
  registry: 3,
  dockerfile: 3,
  llb: 2,
  values: 2,
  transport: 2,
  tracing: 2,
  proto: 1,
  files: 1,
  git: 1,
  oci: 1,
  patterns: 1,
  base: 0,
};

/** Imports that the floors forbid and that are right all the same: from, to, why. */
const exceptions: readonly (readonly [from: string, to: string, why: string])[] = [];

/** Same input, same output: what they need is passed in. */
const pure: readonly string[] = [
  'base/',
  'proto/',
  'oci/',
  'patterns/',
  'llb/',
  'values/',
  'dockerfile/',
  'bake/',
  'progress/model.ts',
];

/** Libraries that stay behind one folder. */
const confined: readonly (readonly [library: string, folder: string])[] = [
  ['@grpc/grpc-js', 'buildkit/rpc/'],
  ['docker-modem', 'docker/'],
  ['ssh2', 'transport/'],
  ['protobufjs', 'proto/'],
  ['yargs', 'cli/'],
];

/** node's modules without effects. */
const harmless: readonly string[] = [
  'node:path',
  'node:crypto',
  'node:buffer',
  'node:assert',
  'node:zlib',
  'node:stream',
];

/** Words of the language and of node that reach outside. */
const impure: readonly RegExp[] = [
  /\bprocess\./,
  /\bDate\.now\b/,
  /\bnew Date\(\)/,
  /\bMath\.random\b/,
  /\bperformance\./,
  /\b(?:setTimeout|setInterval|setImmediate|fetch)\(/,
  /\brandom(?:UUID|Bytes|Int)\b/,
];

const maxLines = 400;

interface SourceFile {
  /** Path below src/, with `/`. */
  readonly path: string;
  readonly text: string;
  /** What it imports, as written. */
  readonly imports: readonly string[];
}

const files: readonly SourceFile[] = globSync('**/*.ts', { cwd: src })
  .filter((path) => !path.endsWith('.d.ts'))
  .map((path) => {
    const text = readFileSync(join(src, path), 'utf8');
    const found = text.matchAll(/^(?:import|export)\b[^;]*?\bfrom '([^']+)'|\bimport\('([^']+)'\)|^import '([^']+)'/gm);
    return { path, text, imports: [...found].map((match) => match[1] ?? match[2] ?? match[3] ?? '') };
  });

/** The file below src/ that a relative import names; undefined for a package or a file beyond. */
function targetOf(file: SourceFile, specifier: string): string | undefined {
  if (!specifier.startsWith('.')) return undefined;
  const path = relative(src, join(src, dirname(file.path), specifier));
  return path.startsWith('..') ? undefined : path;
}

function folderOf(path: string): string {
  return path.split('/')[0] ?? '';
}

function violations(check: (file: SourceFile, report: (what: string) => void) => void): string[] {
  const found: string[] = [];
  for (const file of files) check(file, (what) => found.push(`${file.path}: ${what}`));
  return found;
}

test('every folder has a floor', () => {
  const unknown = files.map(({ path }) => folderOf(path)).filter((folder) => floors[folder] === undefined);
  assert.deepEqual([...new Set(unknown)], []);
});

test('a folder imports from lower floors only', () => {
  const found = violations((file, report) => {
    for (const target of file.imports
      .map((specifier) => targetOf(file, specifier))
      .filter((path) => path !== undefined)) {
      const [from, to] = [folderOf(file.path), folderOf(target)];
      const isExcepted = exceptions.some(([path, imported]) => path === file.path && imported === target);
      if (from !== to && !isExcepted && (floors[to] ?? 0) >= (floors[from] ?? 0)) report(`imports ${target}`);
    }
  });
  assert.deepEqual(found, []);
});

test('across folders an import goes through the index', () => {
  const found = violations((file, report) => {
    for (const target of file.imports
      .map((specifier) => targetOf(file, specifier))
      .filter((path) => path !== undefined)) {
      const isInside = folderOf(target) === folderOf(file.path) || folderOf(target) === 'base';
      if (!isInside && !target.endsWith('index.ts') && target !== 'proto/generated.js') report(`imports ${target}`);
    }
  });
  assert.deepEqual(found, []);
});

test('every exception is used', () => {
  const unused = exceptions.filter(
    ([from, to]) =>
      !files.some((file) => file.path === from && file.imports.some((name) => targetOf(file, name) === to)),
  );
  assert.deepEqual(unused, []);
});

test('pure folders reach nothing outside', () => {
  const found = violations((file, report) => {
    if (!pure.some((prefix) => file.path.startsWith(prefix))) return;
    for (const name of file.imports)
      if (name.startsWith('node:') && !harmless.includes(name)) report(`imports ${name}`);
    const code = file.text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
    for (const word of impure) if (word.test(code)) report(`uses ${word.source}`);
  });
  assert.deepEqual(found, []);
});

test('libraries stay behind their folder', () => {
  const found = violations((file, report) => {
    for (const [library, folder] of confined) {
      const imports = file.imports.some((name) => name === library || name.startsWith(`${library}/`));
      if (imports && !file.path.startsWith(folder)) report(`imports ${library}`);
    }
  });
  assert.deepEqual(found, []);
});

test('generated protocol code is used by codecs only', () => {
  const found = violations((file, report) => {
    const imports = file.imports.some((name) => targetOf(file, name) === 'proto/index.ts');
    if (imports && !/(?:codec|marshal|methods)\.ts$/.test(file.path)) report('imports proto/index.ts');
  });
  assert.deepEqual(found, []);
});

test(`no file is longer than ${maxLines} lines`, () => {
  const long = violations((file, report) => {
    const lines = file.text.split('\n').length - 1;
    if (lines > maxLines) report(`${lines} lines`);
  });
  assert.deepEqual(long, []);
});

test('file names are kebab-case', () => {
  assert.deepEqual(
    files
      .map(({ path }) => path)
      .filter((path) => !/^(?:[a-z0-9]+(?:-[a-z0-9]+)*\/)*[a-z0-9]+(?:-[a-z0-9]+)*\.ts$/.test(path)),
    [],
  );
});
