/** Go's words for why a connection could not be made. */
const REASONS: ReadonlyMap<string, string> = new Map([
  ['ECONNREFUSED', 'connection refused'],
  ['ECONNRESET', 'connection reset by peer'],
  ['EHOSTUNREACH', 'no route to host'],
  ['ENETUNREACH', 'network is unreachable'],
  ['ETIMEDOUT', 'connection timed out'],
]);

/** Node's text of a dial that failed in the words of Go's client, which scripts look for; any other text as it is. */
export function dialText(text: string): string {
  const [, name] = /^getaddrinfo ENOTFOUND (\S+)$/.exec(text) ?? [];
  if (name !== undefined) return `dial tcp: lookup ${name}: no such host`;
  const [, code = '', address] = /^connect (E[A-Z]+) (\S+:\d+)(?: - Local \(.*\))?$/.exec(text) ?? [];
  const reason = REASONS.get(code);
  return reason === undefined ? text : `dial tcp ${address}: connect: ${reason}`;
}
