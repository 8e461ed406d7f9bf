import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Screen } from '../../../../src/progress/tty/screen.ts';

function show(output: string, width = 20, height = 3): readonly string[] {
  const screen = new Screen(width, height);
  screen.write(Buffer.from(output));
  return screen.lines;
}

describe('screen of a running step', () => {
  const cases: readonly [name: string, output: string, shown: readonly string[]][] = [
    ['keeps the last lines', 'a\nb\nc\nd\ne\n', ['c', 'd', 'e']],
    ['shows the last state of a line that is redrawn', '10%\r50%\r100%', ['100%']],
    ['wraps long lines', 'abcdefghijklmnopqrstuvwxyz', ['abcdefghijklmnopqrst', 'uvwxyz']],
    ['moves up to draw over lines', 'one\ntwo\n\u001b[2Aeins\u001b[K\nzwei\u001b[K', ['eins', 'zwei']],
    ['moves up from below the last line', 'a\nb\nc\n\u001b[1AC', ['a', 'b', 'C']],
    ['clears the line after a line feed without touching the one before', 'a\nb\nc\n\u001b[Kd', ['b', 'c', 'd']],
    ['erases a line', 'secret\u001b[2K\rdone', ['done']],
    ['erases the screen', 'a\nb\u001b[2J\u001b[Hc', ['c']],
    ['drops colours', '\u001b[1;31mred\u001b[0m', ['red']],
    ['drops titles and links', '\u001b]0;title\u0007\u001b]8;;http://x\u001b\\link\u001b]8;;\u001b\\', ['link']],
    ['goes back over characters', 'ab\b\bx', ['xb']],
    ['saves and restores the cursor', '\u001b7abc\u001b8x', ['xbc']],
    ['takes two columns for wide characters', '日本語日本語日本語日本語', ['日本語日本語日本語日', '本語']],
    ['blanks the other half of a wide character', '日\bx\r1', ['1x']],
    ['puts marks onto the character before', 'e\u0301 日\u0301x\u0301', ['e\u0301 日\u0301x\u0301']],
    ['drops what joins emoji and turns text', '\u0301👩\u200d💻 ❤\ufe0f\u202e!', ['👩💻 ❤!']],
    ['bounds the marks of a character', `a${'\u0301'.repeat(100)}b`, [`a${'\u0301'.repeat(15)}b`]],
    ['takes hostile numbers', '\u001b[99999999999999C\u001b[-5A\u001b[;Ha', ['a']],
    ['counts empty lines', 'a\n\n\n\n\nb', ['b']],
  ];
  for (const [name, output, shown] of cases) it(name, () => assert.deepEqual(show(output), shown));

  it('gets the same from single bytes', () => {
    const output = 'ü日🚀\u001b[31mx\u001b[0m\r\u001b[2Cy\n\u001b]0;title\u001b\\z\xff';
    const whole = new Screen(20, 3);
    const bytewise = new Screen(20, 3);
    whole.write(Buffer.from(output));
    for (const byte of Buffer.from(output)) bytewise.write(Uint8Array.of(byte));
    assert.deepEqual(bytewise.lines, whole.lines);
    assert.deepEqual(whole.lines, ['ü y🚀x', 'zÿ']);
  });

  it('loses nothing when it is resized while it is full', () => {
    const screen = new Screen(10, 3);
    screen.write(Buffer.from('a\nb\nc\n'));
    screen.resize(12, 3);
    screen.write(Buffer.from('d\n'));
    assert.deepEqual(screen.lines, ['b', 'c', 'd']);
    screen.resize(12, 2);
    assert.deepEqual(screen.lines, ['c', 'd']);
    screen.resize(5, 4);
    screen.write(Buffer.from('e\nfffffffff'));
    assert.deepEqual(screen.lines, ['d', 'e', 'fffff', 'ffff']);
  });

  it('shows of much output what it shows of it in small pieces', () => {
    const pieces = Array.from({ length: 500 }, (_, i) => (i % 50 === 49 ? '\u001b[2A\u001b[Kup\n\n' : `line ${i}\r\n`));
    for (let end = 1; end <= pieces.length; end += 7) {
      const atOnce = new Screen(20, 3);
      const inPieces = new Screen(20, 3);
      atOnce.write(Buffer.from(pieces.slice(0, end).join('')));
      for (const piece of pieces.slice(0, end)) {
        inPieces.write(Buffer.from(piece));
        assert.ok(inPieces.lines.length <= 3);
      }
      assert.deepEqual(atOnce.lines, inPieces.lines);
    }
  });

  it('does not keep an endless sequence', () => {
    const screen = new Screen(10, 3);
    screen.write(Buffer.from(`\u001b]${'x'.repeat(100_000)}`));
    screen.write(Buffer.from('after'));
    assert.deepEqual(screen.lines, ['after']);
  });
});
