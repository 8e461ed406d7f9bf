// Records what Go's buildx shows for the builds of the directories beside this file, all or those that are named:
// `node test/golden/progress/record.ts [case…]`. Events and plain text are of the same build, told twice from the
// engine's history. Steps that completed at the same instant come in random order there; record such a case again until
// they come in the order of the events.
import { spawnSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildxPeer } from '../../../scripts/engine/bundles.ts';
import { useEngine } from '../../support/engine.ts';

const here = import.meta.dirname;
const named = process.argv.slice(2);
const all = readdirSync(here, { withFileTypes: true }).filter((entry) => entry.isDirectory());

await using engine = await useEngine();
const program = await buildxPeer();

function buildx(...args: readonly string[]): { stdout: Buffer; stderr: Buffer } {
  return spawnSync(program, args, { env: { ...process.env, DOCKER_HOST: engine.host }, maxBuffer: 1 << 26 });
}

for (const name of named.length > 0 ? named : all.map((entry) => entry.name)) {
  const context = join(here, name, 'context');
  const build = ['build', '--progress', 'quiet', '--output', 'type=cacheonly', context];
  // The second build is the one to record: what happens only once is out of the way.
  buildx(...build);
  buildx(...build, ...(name === 'cached' ? [] : ['--no-cache']));
  const ref = buildx('history', 'ls', '--format', '{{.Ref}}').stdout.toString().split('\n')[0]?.split('/').at(-1) ?? '';
  writeFileSync(join(here, name, 'events.ndjson'), buildx('history', 'logs', '--progress', 'rawjson', ref).stderr);
  writeFileSync(join(here, name, 'plain.txt'), buildx('history', 'logs', '--progress', 'plain', ref).stderr);
}
writeFileSync(join(here, 'VERSION'), buildx('version').stdout);
