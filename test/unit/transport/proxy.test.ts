import assert from 'node:assert/strict';
import { test } from 'node:test';
import { proxyFor } from '../../../src/transport/proxy.ts';

// NO_PROXY, target, goes through the proxy.
const exemptions: readonly (readonly [noProxy: string, target: string, proxied: boolean])[] = [
  ['', 'https://auth.example', true],
  ['', 'https://localhost', false],
  ['', 'http://127.0.0.1:5000', false],
  ['', 'http://127.8.9.10', false],
  ['', 'http://[::1]:5000', false],
  ['*', 'https://auth.example', false],
  ['example', 'https://auth.example', false],
  ['auth.example', 'https://auth.example', false],
  ['auth.example', 'https://AUTH.example.', false],
  ['auth.example', 'https://sub.auth.example', false],
  ['auth.example', 'https://myauth.example', true],
  ['.auth.example', 'https://auth.example', true],
  ['.auth.example', 'https://sub.auth.example', false],
  ['*.auth.example', 'https://sub.auth.example', false],
  ['*.auth.example', 'https://auth.example', true],
  ['auth.example:443', 'https://auth.example', false],
  ['auth.example:444', 'https://auth.example', true],
  ['auth.example:80', 'http://auth.example', false],
  ['other, auth.example ,x', 'https://auth.example', false],
  ['10.1.2.3', 'https://10.1.2.3', false],
  ['10.1.2.3', 'https://10.1.2.4', true],
  ['10.1.2.3:443', 'https://10.1.2.3', false],
  ['10.1.2.3:80', 'https://10.1.2.3', true],
  ['10.0.0.0/8', 'https://10.200.1.1:5000', false],
  ['10.0.0.0/8', 'https://11.0.0.1', true],
  ['10.0.0.0/8', 'https://ten.example', true],
  ['10.0.0.0/99', 'https://10.0.0.1', true],
  ['fd00::/8', 'https://[fd12::1]', false],
  ['fd00::/8', 'https://[fe80::1]', true],
  ['[fd12::1]:443', 'https://[fd12::1]', false],
  ['fd12::1', 'https://[fd12::1]', false],
  [':443', 'https://auth.example', true],
  ['not/anumber', 'https://auth.example', true],
];

for (const [noProxy, target, proxied] of exemptions) {
  test(`${target} ${proxied ? 'is' : 'is not'} proxied with NO_PROXY=${noProxy}`, () => {
    const proxy = proxyFor(new URL(target), { HTTP_PROXY: 'http://p:1', HTTPS_PROXY: 'http://p:1', NO_PROXY: noProxy });
    assert.equal(proxy?.host, proxied ? 'p:1' : undefined);
  });
}

test('each scheme has its own proxy, in capitals first', () => {
  const env = { HTTP_PROXY: 'http://upper:1', http_proxy: 'http://lower:1', https_proxy: 'secure:2' };
  assert.equal(proxyFor(new URL('http://a.example'), env)?.href, 'http://upper:1/');
  assert.equal(proxyFor(new URL('https://a.example'), env)?.href, 'http://secure:2/');
  assert.equal(proxyFor(new URL('https://a.example'), { HTTP_PROXY: 'http://upper:1' }), undefined);
  assert.equal(proxyFor(new URL('https://a.example'), { HTTPS_PROXY: 'socks5://s:1' })?.protocol, 'socks5:');
});
