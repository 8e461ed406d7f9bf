// What people get wrong: command lines, contexts and destinations. Texts and exit codes are those of buildx.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmod, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { createContext, lastLine } from '../support/cli.ts';
import { baseImage, type TestEngine, useEngine } from '../support/engine.ts';
import { type Ended, startOurs, within } from '../support/running.ts';

const run = promisify(execFile);

type Dir = AsyncDisposable & { readonly dir: string };

let engine: TestEngine;
let config: Dir;
before(async () => {
  engine = await useEngine();
  config = await createContext({ 'config.json': '{}' });
});
after(async () => {
  await engine[Symbol.asyncDispose]();
  await config[Symbol.asyncDispose]();
});

/** A build must never hang over bad input. */
const longest = 60_000;

async function ours(args: readonly string[], cwd: string, prefix: readonly string[] = []): Promise<Ended> {
  const env = {
    DOCKER_HOST: engine.host,
    DOCKER_CONFIG: config.dir,
    DOCKER_CONTEXT: undefined,
    BUILDX_BUILDER: undefined,
  };
  const running = startOurs(args, { cwd, env }, prefix);
  return await within(longest, `the end of ${args.join(' ')}`, running.ended);
}

async function buildDir({ dir }: Dir, ...args: readonly string[]): Promise<Ended> {
  return await ours(['build', '--progress=plain', '--output=type=cacheonly', ...args, '.'], dir);
}

const simple = `FROM ${baseImage} AS one\nCOPY Dockerfile /\n`;
const copyAll = `FROM ${baseImage}\nCOPY . /all\nRUN cd /all; for name in *; do echo "found <$name>"; done\n`;

// In a directory with: ctx/Dockerfile, file, without/, empty/Dockerfile, unknown/Dockerfile, comment/Dockerfile.
const commandLines: readonly (readonly [line: string, last: string])[] = [
  ['bogus', 'unknown command: "bogus"'],
  ['build --unknown ctx', 'unknown flag: --unknown'],
  ['build -Z ctx', "unknown shorthand flag: 'Z' in -Z"],
  [
    'build --no-cache=maybe ctx',
    'invalid argument "maybe" for "--no-cache" flag: strconv.ParseBool: parsing "maybe": invalid syntax',
  ],
  ['build nonexistent', 'failed to build: unable to prepare context: path "nonexistent" not found'],
  ['build file', 'failed to build: unable to prepare context: path "file" not found'],
  [
    'build without',
    'failed to build: failed to solve: failed to read dockerfile: open Dockerfile: no such file or directory',
  ],
  ['build empty', 'failed to build: failed to solve: the Dockerfile cannot be empty'],
  ['build comment', 'failed to build: failed to solve: file with no instructions'],
  [
    'build unknown',
    'failed to build: failed to solve: dockerfile parse error on line 2: unknown instruction: FOO (did you mean FROM?)',
  ],
  [
    'build -f missing ctx',
    'failed to build: failed to solve: failed to read dockerfile: open missing: no such file or directory',
  ],
  ['build -f - -', "failed to build: invalid argument: can't use stdin for both build context and dockerfile"],
  ['build -f - ctx', 'failed to build: failed to solve: the Dockerfile cannot be empty'],
  ['build --target missing ctx', 'failed to build: failed to solve: target stage "missing" could not be found'],
  ['build --platform a/b/c/d ctx', 'failed to build: "a/b/c/d": cannot parse platform specifier: invalid argument'],
  [
    'build --platform nothing ctx',
    'failed to build: "nothing": unknown operating system or architecture: invalid argument',
  ],
  ['build --platform * ctx', 'failed to build: "*": wildcards not yet supported: invalid argument'],
  ['build -o type=local ctx', 'failed to build: dest is required for local exporter'],
  ['build -o type=local,dest=x,foo ctx', 'invalid value foo'],
  ['build -o type=local,dest=file ctx', 'failed to build: destination directory file is a file'],
  ['build --ulimit x ctx', 'invalid argument "x" for "--ulimit" flag: invalid ulimit argument: x'],
  ['build --ulimit bogus=1:2 ctx', 'invalid argument "bogus=1:2" for "--ulimit" flag: invalid ulimit type: bogus'],
  ['build --shm-size x ctx', `invalid argument "x" for "--shm-size" flag: invalid size: 'x'`],
  ['build --progress bogus ctx', 'invalid progress mode bogus'],
  ['build --tag UPPER ctx', 'failed to build: invalid tag "UPPER": repository name must be lowercase'],
  ['build --tag= ctx', 'failed to build: invalid tag "": repository name must have at least one component'],
  ['build --add-host x:notip ctx', 'failed to build: invalid host x:notip'],
  [
    'build --network bogus ctx',
    'failed to build: network mode "bogus" not supported by buildkit - you can define a custom network for your builder using the network driver-opt in buildx create',
  ],
  ['build --builder nope ctx', 'no builder "nope" found'],
  ['build --build-context x ctx', 'invalid context value: x, expected key=value'],
  [
    'build --build-context x=nonexistent ctx',
    'failed to build: failed to get build context x: stat nonexistent: no such file or directory',
  ],
  ['build --allow bogus ctx', 'failed to build: unknown entitlement bogus'],
  ['build --label = ctx', 'invalid key-value pair "=": empty key'],
  ['build --load --push ctx', 'failed to build: tag is needed when pushing to registry'],
  ['build --iidfile /nonexistent/x ctx', 'writing image ID file: open /nonexistent/x: no such file or directory'],
  ['build --metadata-file /nonexistent/x ctx', 'invalid output path: stat /nonexistent: no such file or directory'],
];

describe('a command line that is wrong is named as such', { concurrency: 2 }, () => {
  let place: Dir;
  before(async () => {
    place = await createContext({
      'ctx/Dockerfile': simple,
      file: '',
      'empty/Dockerfile': '',
      'unknown/Dockerfile': 'FROM scratch\nFOO bar\n',
      'comment/Dockerfile': '# nothing\n',
    });
    await mkdir(join(place.dir, 'without'));
  });
  after(async () => await place[Symbol.asyncDispose]());
  for (const [line, last] of commandLines) {
    test(line, async () => {
      const { code, stderr } = await ours(line.split(' '), place.dir);
      assert.equal(lastLine(stderr), `ERROR: ${last}`);
      assert.equal(code, 1);
    });
  }
});

test('FIFOs are not opened, sockets are empty files, links may loop and dangle', async () => {
  await using context = await createContext({ Dockerfile: copyAll, salt: crypto.randomUUID() });
  const at = (name: string): string => join(context.dir, name);
  await run('mkfifo', [at('fifo')]);
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(at('socket'), resolve));
  await symlink('b', at('a'));
  await symlink('a', at('b'));
  await symlink('.', at('self'));
  await symlink('nowhere', at('dangling'));
  await symlink('../../../../etc/passwd', at('outside'));
  const { code, stderr } = await buildDir(context);
  server.close();
  assert.equal(code, 0, stderr);
  for (const name of ['fifo', 'socket', 'a', 'b', 'self', 'dangling', 'outside']) {
    assert.match(stderr, new RegExp(`found <${name}>`));
  }
});

test('a link that loops cannot be copied by name', async () => {
  await using context = await createContext({ Dockerfile: `FROM ${baseImage}\nCOPY a /\n` });
  await symlink('b', join(context.dir, 'a'));
  await symlink('a', join(context.dir, 'b'));
  const { code, stderr } = await buildDir(context);
  assert.equal(code, 1);
  assert.match(lastLine(stderr), /^ERROR: failed to build: failed to solve: /);
});

test('a name that is not UTF-8 is an error that names it, and none when it is ignored', async () => {
  await using context = await createContext({ Dockerfile: copyAll });
  await writeFile(Buffer.concat([Buffer.from(`${context.dir}/na`), Buffer.of(0xff), Buffer.from('me')]), '');
  const { code, stderr } = await buildDir(context);
  assert.equal(code, 1);
  assert.match(lastLine(stderr), /na.*me/);
  assert.match(lastLine(stderr), /UTF-8/);
  await writeFile(join(context.dir, '.dockerignore'), 'na*\n');
  const ignoring = await buildDir(context);
  assert.equal(ignoring.code, 0, ignoring.stderr);
});

/** Root without the power to read everything. */
const powerless: readonly string[] = [
  'setpriv',
  '--bounding-set=-dac_override,-dac_read_search',
  '--inh-caps=-dac_override,-dac_read_search',
];

test('a file that cannot be read is named, not sent empty; an ignored directory may be closed', async () => {
  await using context = await createContext({ Dockerfile: copyAll, 'sub/secret': 'text', 'closed/file': '' });
  await chmod(join(context.dir, 'sub/secret'), 0);
  const args = ['build', '--progress=plain', '--output=type=cacheonly', '.'];
  const { code, stderr } = await ours(args, context.dir, powerless);
  assert.equal(code, 1);
  assert.match(lastLine(stderr), /sub\/secret: permission denied/);

  await chmod(join(context.dir, 'closed'), 0);
  await writeFile(join(context.dir, '.dockerignore'), 'sub\nclosed\n');
  const ignoring = await ours(args, context.dir, powerless);
  assert.equal(ignoring.code, 0, ignoring.stderr);
  await writeFile(join(context.dir, '.dockerignore'), 'sub\n');
  const meeting = await ours(args, context.dir, powerless);
  assert.equal(meeting.code, 1);
  assert.match(lastLine(meeting.stderr), /closed.*permission denied/);
});

test('a Dockerfile that is a directory or cannot be read is named', async () => {
  await using place = await createContext({ 'dir/Dockerfile/x': '', 'closed/Dockerfile': simple });
  const asDirectory = await ours(['build', 'dir'], place.dir);
  assert.equal(asDirectory.code, 1);
  assert.match(lastLine(asDirectory.stderr), /failed to read dockerfile: .*is a directory$/);
  await chmod(join(place.dir, 'closed/Dockerfile'), 0);
  const closed = await ours(['build', 'closed'], place.dir, powerless);
  assert.equal(closed.code, 1);
  assert.match(lastLine(closed.stderr), /failed to read dockerfile: open .*Dockerfile: permission denied$/);
});

test('a broken config.json is told, and does not stop a build', async () => {
  await using context = await createContext({ Dockerfile: simple, 'broken/config.json': '{"auths":' });
  const env = { DOCKER_HOST: engine.host, DOCKER_CONFIG: join(context.dir, 'broken'), DOCKER_CONTEXT: undefined };
  const words = ['build', '--progress=plain', '--output=type=cacheonly', '.'];
  const { code, stderr } = await within(longest, 'the build', startOurs(words, { cwd: context.dir, env }).ended);
  assert.equal(code, 0, stderr);
  assert.match(stderr, /WARNING: Error parsing config file \(.*\/broken\/config\.json\): /);
});

test('an export of links that lead outside stays in its directory', async () => {
  const dockerfile = `FROM ${baseImage} AS make
RUN mkdir /out && cd /out && ln -s /etc absolute && ln -s ../../../../tmp climbing && echo x > file \\
  && mkfifo fifo && mkdir dir && ln -s .. dir/up && touch -- '-rf' 'a b' && chmod 4755 file
FROM scratch
COPY --from=make /out /
`;
  await using place = await createContext({ 'ctx/Dockerfile': dockerfile, 'outside/keep': 'mine', 'dest/dir.txt': '' });
  // What is there before is not followed either: the result has a directory of that name.
  await symlink(join(place.dir, 'outside'), join(place.dir, 'dest/dir'));
  const { code, stderr } = await ours(['build', '--progress=plain', '-o', 'dest', 'ctx'], place.dir);
  assert.deepEqual(await readdir(join(place.dir, 'outside')), ['keep'], stderr);
  if (code === 0) assert.equal(await readFile(join(place.dir, 'dest/file'), 'utf8'), 'x\n');
  else assert.match(lastLine(stderr), /dest/);
});

test('a build that fails leaves no destination', async () => {
  await using place = await createContext({ 'ctx/Dockerfile': `FROM ${baseImage}\nRUN false\n` });
  for (const output of ['type=local,dest=dest', 'type=tar,dest=dest']) {
    const { code } = await ours(['build', '-o', output, 'ctx'], place.dir);
    assert.equal(code, 1);
    assert.deepEqual(await readdir(place.dir), ['ctx']);
  }
});

// Node's own recursive mkdir never returns there.
const belowProc: readonly (readonly [args: string, said: RegExp])[] = [
  ['-o type=local,dest=/proc/none', /^ERROR: .*mkdir \/proc\/none: no such file/],
  ['-o type=tar,dest=/proc/none/x.tar', /^ERROR: .*\/proc\/none\/x\.tar: no such file/],
  ['--cache-to type=local,dest=/proc/none -o type=cacheonly', /^ERROR: .*mkdir \/proc\/none: no such file/],
  ['--metadata-file /proc/none -o type=cacheonly', /^ERROR: .*\/proc\/none/],
  ['--iidfile /proc/none', /^ERROR: .*\/proc\/none/],
  ['--log-dir /proc/none --no-cache -o type=cacheonly', /logs of steps are not complete: mkdir \/proc\/none/],
];

test('a destination where nothing can be made is named, in bounded time', async () => {
  await using place = await createContext({ 'ctx/Dockerfile': `FROM ${baseImage}\nRUN echo said\n` });
  const builds = belowProc.map(async ([args, said]) => {
    const { code, stderr } = await ours(['build', '--progress=plain', ...args.split(' '), 'ctx'], place.dir);
    assert.equal(code, args.startsWith('--log-dir') ? 0 : 1, `${args}:\n${stderr}`);
    assert.match(lastLine(stderr), said, args);
  });
  await Promise.all(builds);
});
