// What Go's buildx shows for recorded builds, byte for byte. record.ts in this directory made the files.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { encodeBytes } from '../../../src/base/go-bytes.ts';
import { statusJson } from '../../../src/progress/index.ts';
import { PlainRenderer } from '../../../src/progress/plain.ts';
import type { Renderer } from '../../../src/progress/renderer.ts';
import { readColors } from '../../../src/progress/tty/colors.ts';
import { TtyRenderer } from '../../../src/progress/tty/renderer.ts';
import { Screen } from '../../../src/progress/tty/screen.ts';
import { parseStatus } from '../../support/progress-events.ts';

const here = import.meta.dirname;
const cases = readdirSync(here, { withFileTypes: true }).filter((entry) => entry.isDirectory());

describe('recorded progress', () => {
  for (const { name } of cases) {
    const lines = readFileSync(join(here, name, 'events.ndjson'), 'utf8')
      .trimEnd()
      .split('\n');

    it(`${name}: plain`, () => {
      const text = replay(new PlainRenderer({ description: '', intervalMs: 100, truncateNames: false }), lines);
      assert.equal(
        Buffer.from(encodeBytes(text)).toString('latin1'),
        readFileSync(join(here, name, 'plain.txt'), 'latin1'),
      );
    });

    it(`${name}: rawjson`, () => {
      for (const line of lines) assert.equal(statusJson(parseStatus(line)), line);
    });

    const picture = join(here, name, 'tty.txt');
    if (!existsSync(picture)) continue;
    it(`${name}: tty`, () => {
      const screen = new Screen(100, 50);
      screen.write(Buffer.from(replay(terminal(), lines)));
      const expected = readFileSync(picture, 'utf8')
        .split('\n')
        .map((line) => line.trimEnd());
      assert.deepEqual(
        screen.lines,
        expected.filter((line) => line !== ''),
      );
    });
  }
});

/** Everything that is shown when the packets come at once, as they come from the history. */
function replay(renderer: Renderer, lines: readonly string[]): string {
  const start = 1_800_000_000_000_000_000n;
  const shown = lines.map((line, i) => renderer.update(parseStatus(line), start + BigInt(i)));
  return shown.join('') + renderer.end(start + BigInt(lines.length));
}

function terminal(): TtyRenderer {
  return new TtyRenderer({
    phase: 'Building',
    description: '',
    intervalMs: 0,
    size: () => ({ width: 100, height: 50 }),
    colors: readColors({}),
    logLines: 6,
  });
}
