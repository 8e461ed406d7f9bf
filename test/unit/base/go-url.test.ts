import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatGoUrl, parseGoQuery, parseGoUrl } from '../../../src/base/go-url.ts';

test('URLs are written as they were read, but query and fragment', () => {
  for (const url of [
    'https://u:p@h.example:1/a%20b/c',
    'http://[::1]:80/x',
    'ssh://git@h/~x/y.git',
    '/a/b',
    'https://h',
  ]) {
    assert.equal(formatGoUrl(parseGoUrl(`${url}?q=1#f`)), url);
  }
  assert.equal(formatGoUrl(parseGoUrl('https://h/a b/é')), 'https://h/a%20b/%C3%A9');
  assert.equal(parseGoUrl('https://h/a%2Fb').path, '/a/b');
});

test('what Go refuses is refused with its text', () => {
  const table: readonly (readonly [string, RegExp])[] = [
    ['https://h/%zz', /parse "https:\/\/h\/%zz": invalid URL escape "%zz"/],
    ['https://h:port/', /invalid port ":port" after host/],
    [':x', /missing protocol scheme/],
    ['a\nb', /invalid control character in URL/],
    ['https://a b/', /invalid character " " in host name/],
  ];
  for (const [url, error] of table) assert.throws(() => parseGoUrl(url), error, url);
});

test('queries have lists of decoded values', () => {
  assert.deepEqual(
    [...parseGoQuery('a=1&b=x+y&a=%32&c')],
    [
      ['a', ['1', '2']],
      ['b', ['x y']],
      ['c', ['']],
    ],
  );
  assert.throws(() => parseGoQuery('a;b'), /invalid semicolon separator in query/);
});
