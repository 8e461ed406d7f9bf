import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { SolveStatus } from '../../../src/buildkit/control/index.ts';
import { PlainRenderer } from '../../../src/progress/plain.ts';
import { at, log, packet, steps, transfer, vertex } from '../../support/progress-status.ts';

/** What is shown for packets that arrive at these seconds, without throttling; then the end. */
function show(packets: readonly (readonly [seconds: number, status: SolveStatus])[], intervalMs = 0): string {
  const renderer = new PlainRenderer({ description: '', intervalMs, truncateNames: false });
  const shown = packets.map(([seconds, status]) => renderer.update(status, at(seconds)));
  return shown.join('') + renderer.end(at(100));
}

describe('plain progress', () => {
  it('numbers steps as they are shown, and begins with who builds', () => {
    const renderer = new PlainRenderer({ description: 'building with x', intervalMs: 0, truncateNames: false });
    const text =
      renderer.update(steps(vertex('a', 0, 1)), at(1)) + renderer.update(steps(vertex('b', 1, 1.25)), at(1.3));
    assert.equal(text, '#0 building with x\n\n#1 a\n#1 DONE 1.0s\n\n#2 b\n#2 DONE 0.2s\n');
  });

  it('says how a step ended', () => {
    const text = show([
      [0, steps(vertex('a', 0, 0, { cached: true }))],
      [1, steps(vertex('b', 0, 1, { error: 'exit code: 1' }))],
      [2, steps(vertex('c', 0, 2, { error: 'x: context canceled' }))],
    ]);
    assert.equal(text, '#1 a\n#1 CACHED\n\n#2 b\n#2 ERROR: exit code: 1\n\n#3 c\n#3 CANCELED\n------\n > b:\n------\n');
  });

  it('puts a number and the time before each line, fewer digits as time goes on', () => {
    const text = show([
      [0, steps(vertex('a', 0))],
      [1, log('a', 1.5, 'one\ntwo\n')],
      [20, log('a', 20.123, 'three\n')],
      [200, log('a', 200.16, 'four\n')],
    ]);
    assert.equal(text, '#1 a\n#1 1.500 one\n#1 1.500 two\n#1 20.12 three\n#1 200.2 four\n');
  });

  it('goes on with a line that was not ended, also after another step', () => {
    const text = show([
      [0, steps(vertex('a', 0))],
      [1, log('a', 1, 'be')],
      [2, log('a', 2, 'gin')],
      [3, steps(vertex('b', 2, 3))],
      [4, log('a', 4, ' end\n')],
      [5, steps(vertex('a', 0, 5))],
    ]);
    const back = '#1 a\n#1 1.000 begin end\n#1 DONE 5.0s\n';
    assert.equal(text, `#1 a\n#1 1.000 begin\n#1 ...\n\n#2 b\n#2 DONE 1.0s\n\n${back}`);
  });

  it('keeps bytes that are not UTF-8, also when a character is split', () => {
    const text = show([
      [0, steps(vertex('a', 0))],
      [1, log('a', 1, Buffer.from([0xe6, 0x97]))],
      [2, log('a', 2, Buffer.from([0xa5, 0xff, 0x0a]))],
    ]);
    assert.equal(text.endsWith('\udce6\udc97\udca5\udcff\n'), true);
  });

  it('repeats the last ten lines of a step that failed, the unfinished one last', () => {
    const lines = Array.from({ length: 12 }, (_, i) => `line ${i}\n`).join('');
    const text = show([
      [0, steps(vertex('a', 0))],
      [1, log('a', 1, `${lines}rest`)],
      [2, steps(vertex('a', 0, 2, { error: 'no' }))],
    ]);
    const tail = [3, 4, 5, 6, 7, 8, 9, 10, 11].map((i) => `1.000 line ${i}\n`).join('');
    assert.ok(text.endsWith(`#1 1.000 rest\n#1 ERROR: no\n------\n > a:\n${tail}1.000 rest\n------\n`), text);
  });

  it('tells of a transfer again only when it got on', () => {
    const total = { total: 1000n };
    const text = show([
      [0, steps(vertex('a', 0))],
      [1, transfer('a', 'x', 1, 100, total)],
      [1.1, transfer('a', 'x', 1.1, 120, total)],
      [1.2, transfer('a', 'x', 1.2, 160, total)],
      [7, transfer('a', 'x', 7, 161, total)],
      [7.1, transfer('a', 'x', 7.1, 165, { ...total, completed: at(7.1) })],
    ]);
    assert.equal(
      text,
      '#1 a\n#1 x 100B / 1.00kB 1.0s\n#1 x 160B / 1.00kB 1.2s\n#1 x 161B / 1.00kB 7.0s\n#1 x 165B / 1.00kB 7.1s done\n',
    );
  });

  it('shows warnings at their step', () => {
    const warning = { vertex: 'a', level: 1, short: Buffer.from('Odd: thing'), detail: [], range: [] };
    const text = show([
      [0, steps(vertex('a', 0))],
      [1, packet({ warnings: [warning], vertexes: [vertex('a', 0, 1)] })],
    ]);
    assert.equal(text, '#1 a\n#1 WARN: Odd: thing\n#1 DONE 1.0s\n');
  });

  it('stays with a step while others write, but lets nobody wait for ever', () => {
    const packets: [number, SolveStatus][] = [[0, steps(vertex('a', 0), vertex('b', 0))]];
    for (let i = 1; i <= 24; i++) {
      packets.push([i / 2, log('a', i / 2, `a${i}\n`)], [i / 2 + 0.1, log('b', i / 2, `b${i}\n`)]);
    }
    const shown = show(packets);
    const switches = shown.match(/^#\d \.\.\.$/gm)?.length ?? 0;
    assert.ok(switches >= 1 && switches <= 3, shown);
    for (let i = 1; i <= 18; i++) for (const step of ['a', 'b']) assert.ok(shown.includes(` ${step}${i}\n`), shown);
  });

  it('collects what comes faster than the display', () => {
    const renderer = new PlainRenderer({ description: '', intervalMs: 100, truncateNames: false });
    assert.equal(renderer.update(steps(vertex('a', 0)), at(0)), '#1 a\n');
    assert.equal(renderer.update(log('a', 0.01, 'x\n'), at(0.01)), '');
    assert.equal(renderer.refresh(at(0.15)), '#1 0.010 x\n');
    assert.equal(renderer.update(log('a', 0.16, 'y\n'), at(0.16)), '#1 0.160 y\n');
  });

  it('shows the members of a group as one step, once a member counts', () => {
    const group = { id: 'g', name: '[1/1] COPY', weak: true };
    const strong = { ...group, weak: false };
    const text = show([
      [0, steps(vertex('weak', 0, 1, { progressGroup: group }))],
      [2, steps(vertex('strong', 2, undefined, { progressGroup: strong }))],
      [3, steps(vertex('strong', 2, 4, { progressGroup: strong }))],
    ]);
    assert.equal(text, '#1 [1/1] COPY\n#1 DONE 3.0s\n');
  });

  it('calls a group cached only when all of it was', () => {
    const progressGroup = { id: 'g', name: 'group', weak: false };
    const member = (name: string, cached: boolean): SolveStatus => steps(vertex(name, 0, 1, { cached, progressGroup }));
    assert.equal(
      show([[1, packet({ vertexes: [...member('a', true).vertexes, ...member('b', true).vertexes] })]]),
      '#1 group\n#1 CACHED\n',
    );
    assert.equal(
      show([[1, packet({ vertexes: [...member('a', true).vertexes, ...member('b', false).vertexes] })]]),
      '#1 group\n#1 DONE 1.0s\n',
    );
  });

  it('cuts names when asked', () => {
    const renderer = new PlainRenderer({ description: '', intervalMs: 0, truncateNames: true });
    assert.equal(renderer.update(steps(vertex('n'.repeat(80), 0)), at(0)), `#1 ${'n'.repeat(72)}...\n`);
  });
});
