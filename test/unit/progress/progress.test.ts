import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import { describe, it } from 'node:test';
import { createProgress, type ProgressMode } from '../../../src/progress/index.ts';
import { at, log, packet, steps, vertex } from '../../support/progress-status.ts';

/** Keeps what is written; takes nothing more after `capacity` bytes until it is told to go on. */
class Reader extends Writable {
  readonly isTTY: boolean;
  readonly columns = 80;
  readonly rows = 24;
  text = '';
  #goOn: (() => void) | undefined;
  #stalled: boolean;

  constructor({ isTTY = false, stalled = false, highWaterMark = 16_384 } = {}) {
    super({ highWaterMark });
    this.isTTY = isTTY;
    this.#stalled = stalled;
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    if (this.#stalled) this.#goOn = done;
    else done();
  }

  resume(): void {
    this.#stalled = false;
    this.#goOn?.();
  }
}

async function shown(mode: ProgressMode, reader: Reader, env: Record<string, string> = {}): Promise<string> {
  const builder = { name: 'b"x', driver: 'docker' };
  await using progress = createProgress(mode, { output: reader, builder, env, clock: () => at(2) });
  void progress.write(steps(vertex('a', 0, 1)));
  progress.message('WARNING: something');
  await progress.done();
  return reader.text;
}

describe('progress', () => {
  it('is plain when the output is no terminal', async () => {
    assert.equal(
      await shown('auto', new Reader()),
      '#0 building with "b\\"x" instance using docker driver\n\n#1 a\n#1 DONE 1.0s\nWARNING: something\n',
    );
  });

  it('draws on a terminal, not on one that cannot move its cursor', async () => {
    assert.match(
      await shown('auto', new Reader({ isTTY: true })),
      /\[\+\] Building .*\(1\/1\) FINISHED {2,}docker:b"x/,
    );
    assert.match(await shown('auto', new Reader({ isTTY: true }), { TERM: 'dumb' }), /^#1 a$/m);
  });

  it('refuses to draw without a terminal', () => {
    const output = new Reader();
    assert.throws(() => createProgress('tty', { output }), {
      code: 'INVALID_ARGUMENT',
      message: 'failed to get console: provided file is not a console',
    });
  });

  it('writes one line of JSON a packet', async () => {
    const text = await shown('rawjson', new Reader());
    assert.equal(
      text.split('\n')[0],
      '{"vertexes":[{"digest":"a","name":"a","started":"2027-01-15T08:00:00Z","completed":"2027-01-15T08:00:01Z"}]}',
    );
  });

  it('shows messages only when quiet', async () => {
    for (const mode of ['quiet', 'none'] as const) {
      assert.equal(await shown(mode, new Reader()), 'WARNING: something\n');
    }
  });

  it('gives the warnings in every mode, and lists them where people read', async () => {
    const warning = { vertex: 'a', level: 1, short: Buffer.from('Rule: text'), detail: [], range: [] };
    for (const mode of ['plain', 'rawjson', 'quiet', 'none'] as const) {
      const reader = new Reader();
      await using progress = createProgress(mode, { output: reader, env: { NO_COLOR: '1' } });
      void progress.write(packet({ warnings: [warning, warning] }));
      const warnings = await progress.done();
      assert.equal(warnings.length, 1);
      assert.equal(reader.text.includes(' 1 warning found (use docker --debug to expand):'), mode === 'plain');
    }
  });

  it('lets its caller wait for a slow reader, and ends when all is read', async () => {
    const reader = new Reader({ stalled: true, highWaterMark: 1 });
    await using progress = createProgress('plain', { output: reader, clock: () => at(2) });
    const caughtUp = progress.write(steps(vertex('a', 0)));
    assert.ok(caughtUp);
    assert.equal(progress.write(log('a', 1, 'x\n')), undefined);
    let ended = false;
    const end = progress.done().then(() => (ended = true));
    await new Promise(setImmediate);
    assert.equal(ended, false);
    reader.resume();
    await caughtUp;
    await end;
    assert.ok(reader.text.includes('#1 1.000 x\n'));
  });

  it('ends when the last bytes are taken, also of a reader that is not behind', async () => {
    const reader = new Reader({ stalled: true });
    await using progress = createProgress('plain', { output: reader, clock: () => at(2) });
    assert.equal(progress.write(steps(vertex('a', 0))), undefined);
    let ended = false;
    const end = progress.done().then(() => (ended = true));
    await new Promise(setImmediate);
    assert.equal(ended, false);
    reader.resume();
    await end;
  });

  it('says what is wrong with colours where it draws', async () => {
    const env = { BUILDKIT_COLORS: 'run=pink' };
    const warning = 'Unknown color value found in BUILDKIT_COLORS: run=pink';
    assert.ok((await shown('auto', new Reader({ isTTY: true }), env)).includes(warning));
    assert.ok(!(await shown('plain', new Reader({ isTTY: true }), env)).includes(warning));
  });

  it('goes on in silence when its reader has left', async () => {
    const reader = new Reader({ stalled: true, highWaterMark: 1 });
    await using progress = createProgress('plain', { output: reader, clock: () => at(2) });
    const caughtUp = progress.write(steps(vertex('a', 0)));
    reader.destroy(new Error('EPIPE'));
    await caughtUp;
    assert.equal(progress.write(steps(vertex('a', 0, 1))), undefined);
    await progress.done();
  });
});
