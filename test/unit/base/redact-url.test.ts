import assert from 'node:assert/strict';
import { test } from 'node:test';
import { redactAddress, redactAddresses, redactCredentials } from '../../../src/base/redact-url.ts';

test('user and password of a URL are not shown', () => {
  assert.equal(redactCredentials('https://token@github.com/a/b'), 'https://xxxxx@github.com/a/b');
  assert.equal(redactCredentials('https://me:secret@github.com/a/b'), 'https://xxxxx:xxxxx@github.com/a/b');
  assert.equal(redactCredentials('https://:secret@github.com/a/b'), 'https://:xxxxx@github.com/a/b');
  assert.equal(redactCredentials('https://me:pa@ss@github.com/a@b'), 'https://xxxxx:xxxxx@github.com/a@b');
  assert.equal(redactCredentials('https://github.com?a=b@c'), 'https://github.com?a=b@c');
  assert.equal(redactCredentials('git@github.com:a/b'), 'git@github.com:a/b');
});

test('of an address also the values of parameters are not shown, but those that say which part of it is meant', () => {
  assert.equal(
    redactAddress('https://t@host/x.tar?access_token=secret&ref=main&X-Sig=a%20b#frag'),
    'https://xxxxx@host/x.tar?access_token=xxxxx&ref=main&X-Sig=xxxxx#frag',
  );
  assert.equal(redactAddress('dir?a=b'), 'dir?a=b');
  assert.equal(redactAddress('.'), '.');
});

test('in a text, addresses are found wherever they stand', () => {
  assert.equal(
    redactAddresses('Get "https://me:***@host/x?token=s": dial tcp: see http://a/b, or git+ssh://t@h/r.'),
    'Get "https://xxxxx:xxxxx@host/x?token=xxxxx": dial tcp: see http://a/b, or git+ssh://xxxxx@h/r.',
  );
});
