// Records what Go's buildx shows for the builds of the directories beside this file, all or those that are named:
// `node test/golden/progress/record.ts [case…]`. Events, plain text and the last picture of a terminal of 100 columns
// are of the same build, told again from the engine's history; needs tmux. Steps that completed at the same instant come
// in random order in plain text; record such a case again until they come in the order of the events.
import { spawnSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { buildxPeer } from '../../../scripts/engine/bundles.ts';
import { useEngine } from '../../support/engine.ts';

const here = import.meta.dirname;
const named = process.argv.slice(2);
const all = readdirSync(here, { withFileTypes: true }).filter((entry) => entry.isDirectory());

await using engine = await useEngine();
const program = await buildxPeer();
const env = { ...process.env, DOCKER_HOST: engine.host };

function buildx(...args: readonly string[]): { stdout: Buffer; stderr: Buffer } {
  return spawnSync(program, args, { env, maxBuffer: 1 << 26 });
}

function tmux(...args: readonly string[]): string {
  return spawnSync('tmux', ['-L', 'tsbuildx-record', ...args], { env, encoding: 'utf8' }).stdout;
}

async function terminalPicture(ref: string): Promise<string> {
  const size = ['-x', '100', '-y', '50'];
  tmux('new-session', '-d', ...size, `${program} history logs --progress tty ${ref}; echo END; sleep 60`);
  let picture = '';
  while (!picture.includes('END\n')) {
    await delay(50);
    picture = tmux('capture-pane', '-p');
  }
  tmux('kill-server');
  return picture.replace(/\nEND\n[^]*$/, '\n');
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
  // Go's display counts bytes, not columns, and comes apart here: nothing to follow.
  if (name !== 'wide-characters') writeFileSync(join(here, name, 'tty.txt'), await terminalPicture(ref));
}
writeFileSync(join(here, 'VERSION'), buildx('version').stdout);
