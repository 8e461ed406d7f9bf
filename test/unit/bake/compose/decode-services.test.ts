// What a compose file says in a form that it may not have, to the letter as buildx 0.36 tells it (recorded).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { composeDefinition, loadProject } from '../../../../src/bake/compose/index.ts';
import type { ComposeSetting } from '../../../../src/bake/compose/setting.ts';
import type { Target } from '../../../../src/bake/model/target.ts';

function load(text: string): { readonly targets: readonly Target[]; readonly warnings: readonly string[] } {
  const warnings: string[] = [];
  const setting: ComposeSetting = {
    files: {
      read(path) {
        throw new Error(`open ${path}: no such file or directory`);
      },
      kindOf: () => undefined,
    },
    env: new Map(),
    home: undefined,
    cwd: '/w',
    onWarning: (message) => void warnings.push(message),
  };
  const project = loadProject([{ name: 'compose.yaml', data: Buffer.from(text) }], setting);
  return { targets: composeDefinition(project).targets, warnings };
}

function ofBuild(build: string): ReturnType<typeof load> {
  return load(`services:\n  app:\n    build: ${build}\n`);
}

const undecodable: readonly (readonly [build: string, ...faults: readonly string[]])[] = [
  ['{context: ., no_cache: x}', "'services[app].build.no_cache' invalid boolean: x"],
  ['{context: ., privileged: x}', "'services[app].build.privileged' invalid boolean: x"],
  ['{context: ., shm_size: x}', "'services[app].build.shm_size' invalid size: 'x'"],
  ['{context: ., shm_size: 1x}', "'services[app].build.shm_size' invalid suffix: 'x'"],
  ['{context: ., extra_hosts: [a]}', "'services[app].build.extra_hosts' invalid additional host, missing IP: a"],
  ['{context: ., extra_hosts: ["a:b=1"]}', "'services[app].build.extra_hosts' bad host name 'a:b'"],
  [
    '{context: ., pull: y2, no_cache: x, args: ["A =1"]}',
    "'services[app].build.args' environment variable A  is declared with a trailing space",
    "'services[app].build.no_cache' invalid boolean: x",
    "'services[app].build.pull' invalid boolean: y2",
  ],
];

for (const [build, ...faults] of undecodable) {
  test(`${build} is told with all places`, () => {
    const message = `decoding failed due to the following error(s):\n\n${faults.join('\n')}`;
    assert.throws(() => ofBuild(build), { code: 'INVALID_ARGUMENT', message });
  });
}

test('words of YAML 1.1 are booleans, with a warning', () => {
  const { targets, warnings } = ofBuild('{context: ., no_cache: yes, pull: "no"}');
  assert.equal(targets[0]?.noCache, true);
  assert.equal(targets[0].pull, undefined);
  assert.deepEqual(warnings, [
    '"yes" for boolean is not supported by YAML 1.2, please use `true`',
    '"no" for boolean is not supported by YAML 1.2, please use `false`',
  ]);
});

test('a size is read in all its forms', () => {
  const sizes = ['12345', '"12345"', '1.5g', '128m', '-1'].map((size) => ofBuild(`{shm_size: ${size}}`));
  const found = sizes.map(({ targets }) => targets[0]?.shmSize);
  assert.deepEqual(found, ['12.06KiB', '12.06KiB', '1.5GiB', '128MiB', undefined]);
});

test('an include without a path includes nothing', () => {
  assert.equal(load('include: [{paths: x}]\nservices: {a: {build: .}}\n').targets.length, 1);
});

const unreadable: readonly (readonly [extension: string, ...faults: readonly string[]])[] = [
  ['1', 'line 1: cannot unmarshal !!int `1` into bake.xbake'],
  ['[a]', 'line 1: cannot unmarshal !!seq into bake.xbake'],
  ['"s"', 'line 1: cannot unmarshal !!str `s` into bake.xbake'],
  [
    '{tags: {a: b}, pull: 1}',
    'line 1: cannot unmarshal !!int `1` into bool',
    'line 3: cannot unmarshal !!map into string',
  ],
  [
    '{tags: [a, [b]], ssh: [x, {y: z}]}',
    'line 2: cannot unmarshal !!seq into string',
    'line 5: cannot unmarshal !!seq into string',
  ],
  ['{contexts: {a: [1]}}', 'line 3: cannot unmarshal !!seq into string'],
  ['{contexts: [a]}', 'line 2: cannot unmarshal !!seq into bake.stringMap'],
  ['{contexts: abcdefghijklm}', 'line 1: cannot unmarshal !!str `abcdefg...` into bake.stringMap'],
  ['{pull: [a]}', 'line 2: cannot unmarshal !!seq into bool'],
  ['{aa: {b: [1, 2]}, tags: [[x]]}', 'line 6: cannot unmarshal !!seq into string'],
  ['{aa: [], ab: {}, tags: [[x]]}', 'line 4: cannot unmarshal !!seq into string'],
  ['{aa: "a\\nb\\n", tags: [[x]]}', 'line 5: cannot unmarshal !!seq into string'],
];

for (const [extension, ...faults] of unreadable) {
  test(`x-bake: ${extension} is told with the lines that buildx counts`, () => {
    const message = ['yaml: unmarshal errors:', ...faults].join('\n  ');
    assert.throws(() => ofBuild(`{context: ., x-bake: ${extension}}`), { code: 'INVALID_ARGUMENT', message });
  });
}
