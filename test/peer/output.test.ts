// Both programs tell their user the same: exit code, standard output, progress for people and for programs.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { lastLine } from '../support/cli.ts';
import { freshContext, type Peers, startPeers } from '../support/peers.ts';
import { readPlain, withoutChance } from '../support/plain-progress.ts';
import { goodBuilds, toldBuilds } from './cases.ts';

let peers: Peers;
before(async () => {
  peers = await startPeers();
});
after(async () => {
  await peers[Symbol.asyncDispose]();
});

const noCache = ['--no-cache', '--output', 'type=cacheonly'];

describe('plain progress', () => {
  for (const { name, files, args = [] } of [...goodBuilds, ...toldBuilds]) {
    it(name, async () => {
      await using context = await freshContext(files);
      const flags = ['build', '--progress', 'plain', ...noCache, ...args, context.dir];
      // The engine has the context of both then: builds of ours that need parts of one have a key of their own.
      for (const side of ['theirs', 'ours'] as const) await peers.run(side, flags);
      const theirs = await peers.run('theirs', flags);
      const ours = await peers.run('ours', flags);
      assert.equal(ours.code, theirs.code, ours.stderr);
      assert.equal(ours.stdout, theirs.stdout);
      const [a, b] = [readPlain(ours.stderr), readPlain(theirs.stderr)];
      assert.equal(a.title, b.title);
      assert.deepEqual(a.steps, b.steps);
      assert.deepEqual(settled(a.rest), settled(b.rest));
      assert.equal(withoutChance(lastLine(ours.stderr)).startsWith('ERROR: '), theirs.code !== 0);
    });
  }

  /** Go's buildx lists warnings in random order, and of two calls that fail it tells whichever it hears of first. */
  function settled(lines: readonly string[]): readonly string[] {
    const told = lines.map((line) => line.replace('failed to run Build function: ', 'failed to solve: '));
    const first = told.findIndex((line) => line.includes('warnings found'));
    return first < 0 ? told : [...told.slice(0, first + 1), ...told.slice(first + 1).sort()];
  }
});

describe('raw progress', () => {
  for (const { name, files, args = [] } of [...goodBuilds, ...toldBuilds]) {
    it(name, async () => {
      await using context = await freshContext(files);
      const flags = ['build', '--progress', 'rawjson', ...noCache, ...args, context.dir];
      await peers.run('theirs', flags);
      const theirs = shapeOf((await peers.run('theirs', flags)).stderr);
      const ours = shapeOf((await peers.run('ours', flags)).stderr);
      assert.deepEqual(ours, theirs);
    });
  }
});

interface Shape {
  /** Paths of all fields, in the order in which each object has them. */
  readonly fields: readonly string[];
  readonly names: readonly string[];
  readonly transfers: readonly string[];
  readonly warnings: readonly string[];
  /** What is not JSON: excerpts and errors. */
  readonly text: string;
}

function shapeOf(stderr: string): Shape {
  const lines = stderr.split('\n');
  const fields = new Set<string>();
  const names = new Set<string>();
  const transfers = new Set<string>();
  const warnings = new Set<string>();
  const jsonLines = lines.filter((line) => line.startsWith('{'));
  for (const line of jsonLines) {
    const packet = JSON.parse(line) as Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;
    for (const [kind, entries] of Object.entries(packet)) {
      for (const entry of entries) {
        for (const path of pathsOf(kind, entry)) fields.add(path);
        if (kind === 'vertexes') names.add(withoutChance(String(entry['name'])));
        if (kind === 'statuses' && !isChance(entry)) transfers.add(withoutChance(String(entry['id'])));
        if (kind === 'warnings') warnings.add(Buffer.from(String(entry['short']), 'base64').toString());
      }
    }
  }
  return {
    fields: [...fields].sort(),
    names: [...names].sort(),
    transfers: [...transfers].sort(),
    warnings: [...warnings].sort(),
    text: withoutChance(lines.filter((line) => !line.startsWith('{')).join('\n')),
  };
}

/** Told or not as it happens: a base image is looked up when the engine has forgotten it, a merge takes a while. */
function isChance(entry: Readonly<Record<string, unknown>>): boolean {
  return /^(resolve |merging)/.test(String(entry['id']));
}

/** Field paths; the keys of maps by digest or name count as one. */
function pathsOf(prefix: string, value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap((element) => pathsOf(`${prefix}[]`, element));
  if (typeof value !== 'object' || value === null) return [prefix];
  if (/\.(metadata|locations|description|caps)$/.test(prefix)) return [prefix];
  return Object.entries(value).flatMap(([key, inner]) => pathsOf(`${prefix}.${key}`, inner));
}
