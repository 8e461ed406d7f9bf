import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dialText } from '../../../../src/registry/auth/dial-text.ts';

const texts: readonly (readonly [node: string, go: string])[] = [
  ['connect ECONNREFUSED 127.0.0.1:1', 'dial tcp 127.0.0.1:1: connect: connection refused'],
  ['connect ENETUNREACH 2001:db8::1:443 - Local (:::0)', 'dial tcp 2001:db8::1:443: connect: network is unreachable'],
  ['getaddrinfo ENOTFOUND reg.test', 'dial tcp: lookup reg.test: no such host'],
  ['connect ESOMETHING 127.0.0.1:1', 'connect ESOMETHING 127.0.0.1:1'],
  ['other side closed', 'other side closed'],
];

for (const [node, go] of texts) {
  test(node, () => {
    assert.equal(dialText(node), go);
  });
}
