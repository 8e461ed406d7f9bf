// What Go's buildx shows for recorded builds, byte for byte. record.ts in this directory made the files.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { encodeBytes } from '../../../src/base/go-bytes.ts';
import { statusJson } from '../../../src/progress/index.ts';
import { PlainRenderer } from '../../../src/progress/plain.ts';
import { parseStatus } from '../../support/progress-events.ts';

const here = import.meta.dirname;
const cases = readdirSync(here, { withFileTypes: true }).filter((entry) => entry.isDirectory());

describe('recorded progress', () => {
  for (const { name } of cases) {
    const lines = readFileSync(join(here, name, 'events.ndjson'), 'utf8')
      .trimEnd()
      .split('\n');

    it(`${name}: plain`, () => {
      const renderer = new PlainRenderer({ description: '', intervalMs: 100, truncateNames: false });
      const start = 1_800_000_000_000_000_000n;
      const shown = lines.map((line, i) => renderer.update(parseStatus(line), start + BigInt(i)));
      const text = shown.join('') + renderer.end(start + BigInt(lines.length));
      assert.equal(
        Buffer.from(encodeBytes(text)).toString('latin1'),
        readFileSync(join(here, name, 'plain.txt'), 'latin1'),
      );
    });

    it(`${name}: rawjson`, () => {
      for (const line of lines) assert.equal(statusJson(parseStatus(line)), line);
    });
  }
});
