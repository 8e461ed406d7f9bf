import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PatternMatcher } from '../../../src/patterns/index.ts';

// One line a case: patterns | paths that they match | paths that they do not match.
const table = String.raw`
a | a a/b a/b/c | ab b/a ba
a/b | a/b a/b/c | a b a/bc x/a/b
a/ | a a/b | b
* | a a/b .x . |
*.go | x.go .go x.go/y | x.gox d/x.go
*/*.go | d/x.go d/x.go/y | x.go d/e/x.go
a* | a ab ab/c | b/ab
a?c | abc aéc a😀c abc/d | ac a/c abbc
** | a a/b/c |
**/ | a a/b/c |
**/a | a x/a x/y/a a/b | ab ba x/ba
**a | a xa x/xa x/a | ab
a/** | a/b a/b/c | a ab
a/**/b | a/b a/x/b a/x/y/b a/b/c | a ab a/xb x/a/b
a**b | ab a/b a/x/b ax/b | a b abx axb a/x/yb
a**/*b | axb ax/b a/x/y/b | a b
**/*.md | a.md x/a.md x/y/a.md a.md/b | a.mdx
**/a/**/b | a/b x/a/b x/a/y/z/b | a x/b
**/.git | .git x/.git x/.git/config | git x/agit
docs/**/*.txt | docs/a.txt docs/x/y/a.txt | a.txt docs/a.md xdocs/a.txt
[a-c]x | ax cx bx/y | dx [a-c]x
[^a-c]x | dx éx | ax
[a]] | a] | a ]
a\*b | a*b a*b/c | axb
\#a | #a | a
\!a | !a | a
a.b | a.b | axb
a+(b)|{c}$ | a+(b)|{c}$ | a+
^a* | ab | ^ab
a b*c | |
\d+x* | | d+x
[[:alpha:]]x | ax | 1x
[*]a | /]a [^]a | *a a [b]a
😀* | 😀 😀a | a
a !a | | a a/b
a !a/b | a a/c | a/b a/b/c
* !*.md | a a/b b.txt | a.md
* !a/b | a a/c x | a/b a/b/c
** !**/keep | a a/b | keep a/keep a/keep/b
a !a/b a/b/c | a a/b/c a/b/c/d | a/b a/b/d
!a a | a a/b | b
.* | .a .a/b . | a
. | . | a a/b
.. | .. | a
/a | | a
`;

for (const line of table.trim().split('\n')) {
  const [patterns = '', matched = '', unmatched = ''] =
    line.split(' | ').length === 3 ? line.split(' | ') : splitLoose(line);
  const matcher = new PatternMatcher(patterns.trim().split(' '));
  void test(`patterns ${patterns}`, () => {
    for (const path of words(matched)) assert.equal(matcher.matchesOrParentMatches(path), true, `${path} matches`);
    for (const path of words(unmatched))
      assert.equal(matcher.matchesOrParentMatches(path), false, `${path} does not match`);
    for (const path of [...words(matched), ...words(unmatched)]) {
      assert.equal(walkTo(matcher, path), matcher.matchesOrParentMatches(path), `${path}, in a walk`);
    }
  });
}

function words(text: string): string[] {
  return text.split(' ').filter((word) => word !== '');
}

function splitLoose(line: string): string[] {
  const at = line.lastIndexOf(' |');
  const before = line.lastIndexOf(' |', at - 1);
  return [line.slice(0, before), line.slice(before + 2, at), line.slice(at + 2)];
}

function walkTo(matcher: PatternMatcher, path: string): boolean {
  let parent: Uint8Array | undefined;
  for (let slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
    const match = new Uint8Array(matcher.patterns.length);
    matcher.matchDirectory(path.slice(0, slash), parent, match);
    parent = match;
  }
  return matcher.matches(path, parent);
}

void test('malformed patterns are refused', () => {
  for (const pattern of ['[', '[a', '[]', '[]a]', '[-]', '[a-]', '\\', 'a\\', 'x/[', '[a-']) {
    assert.throws(
      () => new PatternMatcher([pattern]),
      { code: 'INVALID_ARGUMENT', message: 'syntax error in pattern' },
      pattern,
    );
  }
  assert.throws(() => new PatternMatcher(['a', '!']), { message: 'illegal exclusion pattern: "!"' });
});

void test('a fault behind a star shows when the pattern is used', () => {
  for (const pattern of ['a*b/[', 'a*\\pX', 'a*[z-a]', 'a*[[:nope:]]', 'a*\\E']) {
    const matcher = new PatternMatcher([pattern]);
    assert.throws(() => matcher.matchesOrParentMatches('a'), { message: 'syntax error in pattern' }, pattern);
  }
});

void test('blank patterns are left out', () => {
  const matcher = new PatternMatcher(['', '  ', ' a ']);
  assert.deepEqual(
    matcher.patterns.map(({ text }) => text),
    ['a'],
  );
  assert.equal(matcher.hasExclusions, false);
});

void test('patterns that make regular expressions explode take linear time', () => {
  const path = `${'a'.repeat(4_000)}/${'a/'.repeat(2_000)}a`;
  const began = performance.now();
  for (const pattern of [
    `${'*a'.repeat(30)}b`,
    `${'**/a*'.repeat(30)}b`,
    `a${'?*'.repeat(200)}[b]`,
    `${'***/'.repeat(10_000)}b`,
  ]) {
    assert.equal(new PatternMatcher([pattern]).matches(path, undefined), false);
  }
  assert.ok(performance.now() - began < 5_000);
});
