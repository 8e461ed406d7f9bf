import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  type BakeSetting,
  parseFiles,
  printDefinition,
  readOverrides,
  resolveTargets,
} from '../../../src/bake/index.ts';

type Files = Readonly<Record<string, string>>;

function setting(files: Files, changes: Partial<BakeSetting> = {}): BakeSetting {
  return {
    files: {
      read(path) {
        const text = files[path];
        if (text === undefined) throw new Error(`open ${path}: no such file or directory`);
        return Buffer.from(text);
      },
      kindOf: (path) => (path in files ? 'file' : undefined),
    },
    cwd: '/w',
    env: new Map(),
    variables: new Map(),
    builtins: new Map(),
    envFiles: undefined,
    isFileRelative: false,
    isRemote: (text) => text.startsWith('https://'),
    functions: { now: () => 0, random: (count) => new Uint8Array(count), homeDirectory: '/h' },
    onWarning: () => {},
    ...changes,
  };
}

async function targets(
  files: Files,
  changes: Partial<BakeSetting> = {},
  names: readonly string[] = ['default'],
  set: readonly string[] = [],
): Promise<unknown> {
  const main = Object.entries(files).filter(([name]) => !name.startsWith('.'));
  const data = main.map(([name, text]) => ({ name, data: Buffer.from(text) }));
  const { definition } = await parseFiles(data, setting(files, changes));
  const resolved = resolveTargets(
    definition,
    names,
    readOverrides(set, definition, () => undefined),
  );
  const printed: unknown = JSON.parse(printDefinition(resolved.groups, resolved.targets));
  return printed instanceof Object && 'target' in printed ? printed.target : undefined;
}

test('env files stand behind the environment', async () => {
  const files = {
    'compose.yaml': 'services: {default: {build: {context: ".", args: {A: "$A", B: "$B"}}}}\n',
    '.other': 'A=file\nB=file\n',
  };
  const found = await targets(files, { envFiles: ['.other'], env: new Map([['B', 'env']]) });
  assert.deepEqual(found, {
    default: { context: '.', dockerfile: 'Dockerfile', args: { A: 'file', B: 'env' } },
  });
});

test('contexts are relative to their files where that is asked for', async () => {
  const files = {
    'sub/docker-bake.hcl': 'target "default" { contexts = { a = "x", b = "https://e/x" } }\n',
    'other/b.hcl': 'target "default" {\n  context = "app"\n}\n',
  };
  const found = await targets(files, { isFileRelative: true });
  assert.deepEqual(found, {
    default: { context: 'other/app', contexts: { a: 'sub/x', b: 'https://e/x' }, dockerfile: 'Dockerfile' },
  });
});

test('a matrix of more targets than anyone builds is refused', async () => {
  const list = JSON.stringify(Array.from({ length: 200 }, (_, at) => String(at)));
  const hcl = `target "x" {\n  name = "x-\${a}-\${b}"\n  matrix = { a = ${list}, b = ${list} }\n}\n`;
  await assert.rejects(targets({ 'docker-bake.hcl': hcl }), { message: /matrix has more than 10000 combinations/ });
});

test('an error in a file brings the place with it', async () => {
  await assert.rejects(targets({ 'docker-bake.hcl': 'target "default" {\n  tags = [NOPE]\n}\n' }), {
    name: 'SourcedError',
    message: 'docker-bake.hcl:2,11-15: Unknown variable; There is no variable named "NOPE"., and 1 other diagnostic(s)',
  });
});

const near: readonly (readonly [set: string, message: RegExp])[] = [
  ['frontent.tags=x', /could not find any target matching 'frontent' \(did you mean frontend\?\)/],
  ['frontend.contex=x', /unknown key: contex \(did you mean context\?\)/],
  ['frontend.resources.memry=1', /unknown resources key memry \(did you mean memory\?\)/],
];

for (const [set, message] of near) {
  test(`--set ${set} says what was probably meant`, async () => {
    const files = { 'docker-bake.hcl': 'target "frontend" {}\n' };
    await assert.rejects(targets(files, {}, ['frontend'], [set]), { message });
  });
}

test('files that include themselves end', async () => {
  const files = { 'compose.yaml': 'include: [.a.yaml]\n', '.a.yaml': 'include: [.a.yaml]\n' };
  await assert.rejects(targets(files), { message: /include cycle detected/ });
});

describe('what a target leaves out', () => {
  const hcl = `
    target "base" {
      ignore = ["*.md", "!a.md"]
      ignore-file = "base.ignore"
    }
    target "default" {
      inherits = ["base"]
      ignore = ["*.md", "\${target.base.ignore-file}", "$\${x}"]
    }
    target "reset" {
      inherits = ["base"]
      ignore-file = ""
    }
    target "nothing" { ignore = [] }`;

  test('is inherited in order, with repetitions: the last pattern decides', async () => {
    const found = await targets({ 'docker-bake.hcl': hcl }, {}, ['default', 'reset', 'nothing']);
    const rest = { context: '.', dockerfile: 'Dockerfile' };
    assert.deepEqual(found, {
      default: { ...rest, ignore: ['*.md', '!a.md', '*.md', 'base.ignore', '$${x}'], 'ignore-file': 'base.ignore' },
      reset: { ...rest, ignore: ['*.md', '!a.md'] },
      nothing: { ...rest, ignore: [] },
    });
  });

  test('is read again as it is printed', async () => {
    const found = await targets({ 'docker-bake.hcl': hcl }, {}, ['default']);
    assert.deepEqual(await targets({ 'docker-bake.json': JSON.stringify({ target: found }) }), found);
  });

  test('is said on the command line, too', async () => {
    const ignoreOf = async (...set: string[]): Promise<unknown> => {
      const found = await targets({ 'docker-bake.hcl': hcl }, {}, ['base'], set);
      return Object.values(Object(found))[0];
    };
    const rest = { context: '.', dockerfile: 'Dockerfile' };
    assert.deepEqual(await ignoreOf('base.ignore=a', 'base.ignore=b', 'base.ignore-file='), {
      ...rest,
      ignore: ['a', 'b'],
    });
    const added = { ...rest, ignore: ['*.md', '!a.md', 'a'], 'ignore-file': 'c' };
    assert.deepEqual(await ignoreOf('base.ignore+=a', 'base.ignore-file=c'), added);
    await assert.rejects(ignoreOf('base.ignores=a'), { message: 'unknown key: ignores (did you mean ignore?)' });
    await assert.rejects(ignoreOf('base.ignore_file=a'), { message: /did you mean ignore-file\?/ });
  });

  test('is said in the extension of a compose file', async () => {
    const compose = (ignore: string): Files => ({
      'compose.yaml': `services: {default: {build: {context: ., x-bake: {ignore: ${ignore}, ignore-file: a.ignore}}}}\n`,
    });
    for (const list of ['["*.md", "!a.md"]', '"*.md !a.md"']) {
      assert.deepEqual(await targets(compose(list)), {
        default: { context: '.', dockerfile: 'Dockerfile', ignore: ['*.md', '!a.md'], 'ignore-file': 'a.ignore' },
      });
    }
    await assert.rejects(targets(compose('{a: b}')), /cannot unmarshal !!map into string/);
  });
});

test('a reference to all of a block that needs itself is refused', async () => {
  const one = 'target "default" {\n  args = { A = target.default }\n}\n';
  await assert.rejects(targets({ 'b.hcl': one }), { message: /reference cycle not allowed for target\.default/ });
  const two = 'target "default" {\n  args = { A = target.b }\n}\ntarget "b" {\n  args = { A = target.default }\n}\n';
  await assert.rejects(targets({ 'b.hcl': two }), { message: /reference cycle not allowed for target\./ });
});

test('variables that are not set are told each time that a file is read', async () => {
  const warnings: string[] = [];
  const onWarning = (message: string): void => void warnings.push(message);
  await targets({ 'compose.yaml': 'services: {default: {build: {context: "$X", target: "$X"}}}\n' }, { onWarning });
  assert.deepEqual(
    warnings,
    Array.from({ length: 4 }, () => 'The "X" variable is not set. Defaulting to a blank string.'),
  );
});

test('with a .env file that cannot be read no file is a compose file', async () => {
  const files = { 'compose.yaml': 'services: {}\n', '.env': 'bad line\n' };
  await assert.rejects(targets(files), {
    message:
      /^failed to parse compose\.yaml: parsing yaml: failed to read \.env: line 1: key cannot contain a space, parsing hcl: compose\.yaml\.hcl:1,1-9/,
  });
  const found = await targets({ 'b.hcl': 'target "default" {}\n', '.env': 'bad line\n' });
  assert.deepEqual(found, { default: { context: '.', dockerfile: 'Dockerfile' } });
});

test('an argument without a value has that of the environment, or none where it may not be looked at', async () => {
  const data = Buffer.from('target "default" { args = { A = "own", B = "own" } }');
  const { definition } = await parseFiles([{ name: 'docker-bake.hcl', data }], setting({}));
  const argsOf = (set: readonly string[], env?: (name: string) => string | undefined): unknown => {
    const { targets: found } = resolveTargets(definition, ['default'], readOverrides(set, definition, env));
    return Object.fromEntries(found.get('default')?.args ?? []);
  };
  const env = (name: string): string | undefined => (name === 'A' ? 'env' : undefined);
  assert.deepEqual(argsOf(['default.args.A', 'default.args.B', 'default.args.C'], env), { A: 'env', B: 'own' });
  assert.deepEqual(argsOf(['default.args.A', 'default.args.C']), { A: '', B: 'own', C: '' });
  assert.deepEqual(argsOf(['default.args.A=given', 'default.args.A']), { A: 'given', B: 'own' });
});
