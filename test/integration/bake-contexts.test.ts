// Contexts that bake targets have in common: sent once, and never mixed up with what another target leaves out of them.
import assert from 'node:assert/strict';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { bake, type BakeOptions, buildTargets } from '../../src/index.ts';
import { createContext } from '../support/cli.ts';
import { type TestEngine, useEngine } from '../support/engine.ts';

let engine: TestEngine;
before(async () => {
  engine = await useEngine();
});
after(async () => {
  await engine?.[Symbol.asyncDispose]();
});

interface Sent {
  /** Bytes of each transfer of the context `context`, as the daemon counts them. */
  readonly context: readonly number[];
}

/** Builds targets of `docker-bake.hcl` in a directory. */
async function run(dir: string, targets: readonly string[], options: BakeOptions = {}): Promise<Sent> {
  const env = { PATH: process.env['PATH'], HOME: dir, ...options.env };
  const docker = { configDir: join(dir, '.config'), host: engine.host };
  const overrides = targets.map((name) => `${name}.output=type=local,dest=../out/${name}`);
  const { builds } = await bake({ docker, cwd: join(dir, 'src'), targets, overrides, ...options, env });
  const bytes = new Map<string, number>();
  await buildTargets(builds, {
    onEvent: (event) => {
      if (event.kind !== 'status') return;
      for (const { vertex, id, current } of event.status.statuses) {
        if (id === 'transferring context:') bytes.set(vertex, Number(current));
      }
    },
  });
  // asking for .dockerignore is a transfer, too, of a few bytes
  return { context: [...bytes.values()].filter((count) => count > 1000) };
}

const filesOf = async (dir: string, target: string): Promise<string> =>
  (await readdir(join(dir, 'out', target))).sort().join(' ');

function inSrc(files: Readonly<Record<string, string>>): ReturnType<typeof createContext> {
  return createContext(Object.fromEntries(Object.entries(files).map(([name, text]) => [`src/${name}`, text])));
}

describe('a context of many files and ten targets', () => {
  const names = Array.from({ length: 10 }, (_, i) => `t${i}`);
  const many = Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`tree/d${i % 20}/f${i}`, `${i}`.repeat(20)]));
  const definitions: readonly (readonly [what: string, target: (name: string) => string])[] = [
    ['with one Dockerfile', () => ''],
    ['each with a Dockerfile of its own', (name) => `dockerfile = "${name}/Dockerfile"`],
    ['each with an inline Dockerfile', (name) => `dockerfile-inline = "FROM scratch\\nCOPY . /\\nLABEL t=${name}\\n"`],
    ['each with a stage of its own', (name) => `target = "${name}"`],
  ];
  const stages = names.map((name) => `FROM scratch AS ${name}\nCOPY . /\nLABEL t=${name}\n`).join('');
  for (const [what, target] of definitions) {
    test(`goes up once: ${what}`, async () => {
      const hcl = names.map((name) => `target "${name}" {\n${target(name)}\n}\n`).join('');
      const own = names.map((name) => [`${name}/Dockerfile`, `FROM scratch\nCOPY . /\nLABEL t=${name}\n`]);
      const files = { ...many, ...Object.fromEntries(own), Dockerfile: stages, 'docker-bake.hcl': hcl };
      await using context = await inSrc({ ...files, salt: crypto.randomUUID() });
      // of images the daemon's own frontend makes the provenance, from the same files
      const overrides = ['*.output=type=cacheonly', 't0.output=type=image', 't1.output=type=image'];
      const first = await run(context.dir, names, { overrides });
      assert.equal(first.context.length, 1);
      assert.ok((first.context[0] ?? 0) < 500 * 200, String(first.context));

      // what has changed is all that goes up the next time
      await writeFile(join(context.dir, 'src/salt'), 'x'.repeat(5000));
      const second = await run(context.dir, names, { overrides });
      assert.equal(second.context.length, 1);
      const contents = Object.values(many).join('').length;
      assert.ok((second.context[0] ?? 0) < (first.context[0] ?? 0) - contents + 6000, String(second.context));
    });
  }
});

test('targets that need different parts of a context do not make each other send them again', async () => {
  const names = ['a', 'b', 'ab'];
  const hcl = names.map((name) => {
    const sources = name.split('').join(' ');
    return `target "${name}" { dockerfile-inline = "FROM scratch\\nCOPY ${sources} /${name}/\\n" }\n`;
  });
  const big = (): string => crypto.randomUUID().repeat(3000);
  await using context = await inSrc({ 'docker-bake.hcl': hcl.join(''), a: big(), b: big() });
  const overrides = ['*.output=type=cacheonly'];
  const first = await run(context.dir, names, { overrides });
  assert.equal(first.context.filter((bytes) => bytes > 100_000).length, 3);
  const again = await run(context.dir, names, { overrides });
  assert.deepEqual(again.context, []);
  assert.deepEqual((await run(context.dir, ['ab'], { overrides })).context, []);
});

describe('what targets leave out', () => {
  const hcl = `
    target "plain" {}
    target "own" { ignore = ["b*", "Dockerfile"] }
    target "file" { ignore-file = "more.ignore" }
    target "both" {
      ignore-file = "more.ignore"
      ignore = ["!c.md", "docker-bake.hcl"]
    }
    target "none" { ignore = [] }
    target "heir" {
      inherits = ["both"]
      ignore = ["!docker-bake.hcl", "Dockerfile"]
    }
    target "inline" {
      ignore = ["*", "!a.txt"]
      dockerfile-inline = "FROM scratch\\nCOPY . /\\n"
    }
    target "other-frontend" {
      ignore = ["*", "!b.txt"]
      dockerfile-inline = "FROM scratch\\nCOPY . /\\n"
    }`;
  const files = {
    'docker-bake.hcl': hcl,
    Dockerfile: 'FROM scratch\nCOPY . /\n',
    '.dockerignore': 'a.txt\n',
    'more.ignore': '\u{FEFF}# not these\r\n*.md\r\n.dockerignore\r\n',
    'a.txt': 'a',
    'b.txt': 'b'.repeat(2000),
    'c.md': 'c',
  };
  const expected = {
    plain: '.dockerignore Dockerfile b.txt c.md docker-bake.hcl more.ignore',
    own: '.dockerignore a.txt c.md docker-bake.hcl more.ignore',
    file: 'Dockerfile a.txt b.txt docker-bake.hcl more.ignore',
    both: 'Dockerfile a.txt b.txt c.md more.ignore',
    none: '.dockerignore Dockerfile a.txt b.txt c.md docker-bake.hcl more.ignore',
    heir: 'a.txt b.txt c.md docker-bake.hcl more.ignore',
    inline: 'a.txt',
  };

  for (const frontend of ['client', 'daemon']) {
    test(`is its own, of one directory at the same time (compiled by the ${frontend})`, async () => {
      await using context = await inSrc(files);
      const env = { TSBUILDX_FRONTEND: frontend };
      await run(context.dir, Object.keys(expected), { env });
      for (const [target, names] of Object.entries(expected)) assert.equal(await filesOf(context.dir, target), names);
      // again, in other company
      await run(context.dir, ['none', 'own'], { env, overrides: ['*.output=type=local,dest=../out/again'] });
      await run(context.dir, ['plain'], { env });
      assert.equal(await filesOf(context.dir, 'plain'), expected.plain);
    });
  }

  test('is not sent', async () => {
    await using context = await inSrc({ ...files, salt: crypto.randomUUID() });
    const sent = await run(context.dir, ['inline'], { overrides: ['*.output=type=cacheonly'] });
    assert.deepEqual(sent.context, []);
  });

  test('does not cost the copy of a context that a daemon keeps', async () => {
    await using context = await inSrc({ ...files, big: 'x'.repeat(1_000_000), salt: crypto.randomUUID() });
    const overrides = ['*.output=type=cacheonly'];
    const [first = 0] = (await run(context.dir, ['none'], { overrides })).context;
    assert.ok(first > 1_000_000);
    await run(context.dir, ['inline'], { overrides });
    await writeFile(join(context.dir, 'src/a.txt'), 'changed');
    const [again = 0] = (await run(context.dir, ['none'], { overrides })).context;
    assert.ok(again < 10_000, String(again));
  });

  test('and a file that is not there is named', async () => {
    await using context = await inSrc(files);
    const running = run(context.dir, ['own'], { overrides: ['own.ignore-file=gone', 'own.output=type=cacheonly'] });
    await assert.rejects(running, {
      code: 'NOT_FOUND',
      message: 'failed to read the ignore file "gone": open gone: no such file or directory',
    });
  });
});
