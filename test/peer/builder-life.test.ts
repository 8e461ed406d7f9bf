// Builders in containers from their making to their end, by both programs: what is there after each step.
import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { type BuildkitImage, buildkitImage } from '../support/buildkit-image.ts';
import { startBuildkitd, type TestBuildkitd } from '../support/buildkitd.ts';
import { type Peers, type Side, startPeers } from '../support/peers.ts';

let peers: Peers;
let buildkitd: TestBuildkitd;
let image: BuildkitImage;
before(async () => {
  peers = await startPeers();
  buildkitd = await startBuildkitd(peers.engine);
  image = await buildkitImage(peers.engine, buildkitd.port);
});
after(async () => {
  await buildkitd?.[Symbol.asyncDispose]();
  await peers?.[Symbol.asyncDispose]();
});

interface Step {
  readonly words: string;
  readonly code: number | null;
  readonly stdout: string;
  /** The last line. */
  readonly stderr: string;
  /** Of the container, `running` or `exited`; empty when it is not there. */
  readonly container: string;
  readonly hasCache: boolean;
}

const steps = [
  'create --bootstrap --name NAME --driver docker-container OPTIONS',
  'stop NAME',
  'rm --all-inactive --force --keep-state',
  'create --bootstrap --name NAME OPTIONS',
  'rm --all-inactive --force',
  'rm --keep-state NAME',
  'create --use --bootstrap --name NAME OPTIONS',
  'stop',
  'stop',
  'rm NAME',
  'create --bootstrap --name NAME OPTIONS',
  'rm --keep-daemon NAME',
  'create --name NAME OPTIONS',
  'rm NAME',
  'stop NAME',
];

async function live(side: Side): Promise<Step[]> {
  const name = `life-${side}-${process.pid}`;
  const container = `buildx_buildkit_${name}0`;
  const options = Object.entries({ image: image.name, ...image.driverOpts }).map(([key, value]) => `${key}=${value}`);
  const env = { BUILDX_CONFIG: `${peers.configDir}/${side}` };
  const done: Step[] = [];
  for (const words of steps) {
    const filled = words.replace('NAME', name).replace('OPTIONS', `--driver-opt ${options.join(',')}`);
    const { code, stdout, stderr } = await peers.run(side, filled.split(' '), { env });
    const plain = (text: string): string => text.trimEnd().replaceAll(name, 'NAME');
    const { stdout: state } = await peers.engine.docker([
      'ps',
      '-a',
      '--filter',
      `name=${container}`,
      '--format',
      '{{.State}}',
    ]);
    const { stdout: volumes } = await peers.engine.docker([
      'volume',
      'ls',
      '-q',
      '--filter',
      `name=${container}_state`,
    ]);
    done.push({
      words,
      code,
      stdout: plain(stdout),
      stderr:
        plain(stderr)
          .split('\n')
          .at(-1)
          ?.replace(/^#1 DONE [\d.]+s$/, '#1 DONE') ?? '',
      container: state.trim(),
      hasCache: volumes.trim() !== '',
    });
  }
  return done;
}

it('what is there after each step', async () => {
  const [theirs, ours] = await Promise.all([live('theirs'), live('ours')]);
  assert.deepEqual(ours, theirs);
  assert.deepEqual(
    ours.map(({ container, hasCache }) => `${container} ${hasCache}`),
    [
      'running true',
      'exited true',
      ' true',
      'running true',
      'running true',
      ' true',
      'running true',
      'exited true',
      'exited true',
      ' false',
      'running true',
      'running true',
      'running true',
      ' false',
      ' false',
    ],
  );
});
