// The attestations of an image, read from the archive that a build wrote.
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProgram } from './engine.ts';

export interface Statement {
  readonly predicateType: string;
  readonly subject: readonly unknown[];
  readonly predicate: Readonly<Record<string, unknown>>;
}

interface Descriptor {
  readonly digest: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** The in-toto statements of an OCI archive: those of each image in it, in its order. */
export async function statementsOf(archive: string): Promise<Statement[]> {
  const dir = await mkdtemp(join(tmpdir(), 'tsbx-archive-'));
  try {
    const unpacked = await runProgram('tar', ['-xf', archive, '-C', dir]);
    assert.equal(unpacked.code, 0, unpacked.stderr);
    const read = async <T>(path: string): Promise<T> => JSON.parse(await readFile(join(dir, path), 'utf8')) as T;
    const blob = async <T>({ digest }: Descriptor): Promise<T> => await read<T>(`blobs/${digest.replace(':', '/')}`);
    const found: Statement[] = [];
    const walk = async (descriptors: readonly Descriptor[]): Promise<void> => {
      for (const descriptor of descriptors) {
        const { manifests, layers = [] } = await blob<{ manifests?: Descriptor[]; layers?: Descriptor[] }>(descriptor);
        if (manifests !== undefined) await walk(manifests);
        if (descriptor.annotations?.['vnd.docker.reference.type'] !== 'attestation-manifest') continue;
        for (const layer of layers) found.push(await blob<Statement>(layer));
      }
    };
    await walk((await read<{ manifests: Descriptor[] }>('index.json')).manifests);
    return found;
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

/** JSON without what differs between any two builds: times, ids, and digests of ops that name the session. */
export function withoutBuild(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutBuild);
  if (typeof value !== 'object' || value === null) return value;
  // Only newer versions of buildx send a shared key, as ours does.
  const members = Object.entries(value).filter(([key]) => !key.startsWith('sharedkey:localdir:'));
  return Object.fromEntries(
    members.map(([key, member]) => {
      if (/^(build)?(startedOn|finishedOn|invocationI[Dd])$/i.test(key)) return [key, typeof member];
      if (/(resource|sys)Usage$/.test(key)) return [key, typeof member];
      if (key === 'digestMapping') return [key, Object.values(member as Record<string, string>).sort()];
      return [key, withoutBuild(member)];
    }),
  );
}
