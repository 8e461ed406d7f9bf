import { createHash } from 'node:crypto';
import type { SessionHeaders } from './client.ts';

/** The headers that present a session to a daemon, in order, with the names of Docker's API. */
export function sessionHeaderPairs(session: SessionHeaders): (readonly [name: string, value: string])[] {
  return [
    ['X-Docker-Expose-Session-Uuid', session.id],
    ['X-Docker-Expose-Session-Name', printable(session.name)],
    ['X-Docker-Expose-Session-Sharedkey', printable(session.sharedKey)],
    ...session.methods.map((method) => ['X-Docker-Expose-Session-Grpc-Method', method] as const),
  ];
}

/** gRPC allows printable ASCII only; any other text is replaced by its digest, which tells sessions apart as well. */
function printable(value: string): string {
  return /^[\x20-\x7e]*$/.test(value) ? value : createHash('sha256').update(value).digest('hex');
}
