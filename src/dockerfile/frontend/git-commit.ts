import { TsbuildxError } from '../../base/errors.ts';

const required = ['tree', 'author', 'committer'];

/** When a commit was made, in seconds since the epoch, from its raw object. Throws code PROTOCOL when it is none. */
export function commitTime(object: Uint8Array): bigint | undefined {
  const [head = ''] = new TextDecoder().decode(object).split('\n\n', 1);
  const headers = new Map<string, string>();
  for (const line of head.split('\n')) {
    const space = line.indexOf(' ');
    // A line that starts with a space goes on with a signature.
    if (space > 0 && !headers.has(line.slice(0, space))) headers.set(line.slice(0, space), line.slice(space + 1));
  }
  if (headers.has('object')) throw new TsbuildxError('PROTOCOL', 'not a commit object');
  for (const name of required) {
    if (!headers.has(name)) throw new TsbuildxError('PROTOCOL', `invalid commit object: missing ${name} header`);
  }
  const when = />\s*(-?\d+)\s+[+-]\d{4}\s*$/.exec(headers.get('committer') ?? '');
  return when?.[1] === undefined ? undefined : BigInt(when[1]);
}
