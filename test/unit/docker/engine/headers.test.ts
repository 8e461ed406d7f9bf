import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requestHeaders } from '../../../../src/docker/engine/headers.ts';

const AGENT = ['User-Agent', 'tsbuildx'] as const;

test('HttpHeaders of config.json are sent, and may replace the user agent', () => {
  assert.deepEqual(requestHeaders({ httpHeaders: { 'X-A': '1' } }), [AGENT, ['X-A', '1']]);
  assert.deepEqual(requestHeaders({ httpHeaders: { 'user-agent': 'me' } }), [['user-agent', 'me']]);
});

test('DOCKER_CUSTOM_HEADERS replaces them', () => {
  const customHeaders = 'one=one-value,"two=two,value","three= a value with whitespace  ",five=five=one,five=five-two';
  assert.deepEqual(requestHeaders({ httpHeaders: { 'X-A': '1' }, customHeaders }), [
    AGENT,
    ['one', 'one-value'],
    ['two', 'two,value'],
    ['three', ' a value with whitespace  '],
    ['five', 'five-two'],
  ]);
});

test('the headers of the connection cannot be replaced', () => {
  assert.deepEqual(requestHeaders({ httpHeaders: { Host: 'evil', Upgrade: 'x', 'Content-Length': '5' } }), [AGENT]);
});

test('broken values are errors that name the variable', () => {
  for (const customHeaders of ['novalue', '=x', '"open']) {
    assert.throws(() => requestHeaders({ customHeaders }), {
      code: 'INVALID_ARGUMENT',
      message: /DOCKER_CUSTOM_HEADERS/,
    });
  }
});
