// What a build warns of: both programs tell programs the same, with the lines of the Dockerfile.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { baseImage } from '../support/engine.ts';
import { freshContext, type Peers, type Side, startPeers } from '../support/peers.ts';

const dockerfile = `FROM ${baseImage} as Build
MAINTAINER me
ENV secret_key value
RUN true \\

  && true
FROM build
CMD echo $UNSET
WORKDIR relative
`;

let peers: Peers;
before(async () => {
  peers = await startPeers();
});
after(async () => {
  await peers[Symbol.asyncDispose]();
});

interface Warning {
  readonly vertex?: string;
  readonly short: string;
  readonly sourceInfo?: { readonly definition?: unknown };
}

/** Without what names the session, in one order: Go's buildx has none. */
function comparable(warnings: readonly Warning[]): unknown[] {
  const sorted = warnings.toSorted((a, b) => (a.short < b.short ? -1 : 1));
  return sorted.map((warning) => {
    const { definition: _, ...sourceInfo } = warning.sourceInfo ?? {};
    return { ...warning, vertex: '', sourceInfo };
  });
}

describe('warnings', () => {
  it('stand in the metadata file', async () => {
    await using context = await freshContext({ Dockerfile: dockerfile });
    const read = async (side: Side): Promise<unknown[]> => {
      const file = join(context.dir, `${side}.json`);
      const flags = ['build', '--output=type=cacheonly', '--metadata-file', file, context.dir];
      const { code, stderr } = await peers.run(side, flags, { env: { BUILDX_METADATA_WARNINGS: '1' } });
      assert.equal(code, 0, stderr);
      const metadata = JSON.parse(await readFile(file, 'utf8')) as Readonly<Record<string, readonly Warning[]>>;
      return comparable(metadata['buildx.build.warnings'] ?? []);
    };
    const [ours, theirs] = [await read('ours'), await read('theirs')];
    assert.ok(theirs.length >= 5);
    assert.deepEqual(ours, theirs);
  });

  it('belong to the step that loads the Dockerfile', async () => {
    await using context = await freshContext({ Dockerfile: dockerfile });
    const read = async (side: Side): Promise<{ warnings: unknown[]; steps: ReadonlySet<string | undefined> }> => {
      const flags = ['build', '--output=type=cacheonly', '--progress=rawjson', context.dir];
      const { stderr } = await peers.run(side, flags);
      const packets = stderr
        .split('\n')
        .filter((line) => line.startsWith('{'))
        .map((line) => JSON.parse(line) as Packet);
      const names = new Map(packets.flatMap(({ vertexes = [] }) => vertexes.map(({ digest, name }) => [digest, name])));
      const warnings = packets.flatMap((packet) => packet.warnings ?? []);
      return { warnings: comparable(warnings), steps: new Set(warnings.map(({ vertex = '' }) => names.get(vertex))) };
    };
    const [ours, theirs] = [await read('ours'), await read('theirs')];
    assert.deepEqual(ours, theirs);
    assert.deepEqual([...ours.steps], ['[internal] load build definition from Dockerfile']);
  });
});

interface Packet {
  readonly vertexes?: readonly { readonly digest: string; readonly name: string }[];
  readonly warnings?: readonly Warning[];
}
