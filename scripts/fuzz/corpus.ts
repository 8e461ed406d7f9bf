import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { readLines } from '../golden/runner.ts';

/** The Dockerfiles of the recorded conversions in the repository, which changes are made to. */
export async function corpus(): Promise<string[]> {
  const file = new URL('../../test/golden/data/convert/suite.jsonl.gz', import.meta.url);
  const dockerfiles: string[] = [];
  for await (const line of readLines(createReadStream(file).pipe(createGunzip()))) {
    const golden = JSON.parse(line) as { readonly req?: { readonly dockerfile?: unknown } };
    if (typeof golden.req?.dockerfile === 'string') dockerfiles.push(golden.req.dockerfile);
  }
  return dockerfiles;
}
