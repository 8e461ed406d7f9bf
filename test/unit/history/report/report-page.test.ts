import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { reportPage } from '../../../../src/history/report/report-page.ts';
import { lastLines } from '../../../../src/history/report/step-rows.ts';
import { madeUpReport } from '../../../support/report-models.ts';

test('500 steps fit into 1 MB', async () => {
  const page = await reportPage(madeUpReport(500), '');
  assert.ok(Buffer.byteLength(page) <= 1_000_000, `${Buffer.byteLength(page)} bytes`);
  assert.equal(page.match(/<li class="row /g)?.length, 500);
});

test('logs do not make a page large: those of failed steps have room, the others share what there is', async () => {
  const long = Array.from({ length: 20_000 }, (_, index) => `a line of a compiler, number ${index}`);
  const { steps, ...rest } = madeUpReport(500);
  const page = await reportPage(
    {
      ...rest,
      steps: steps.map((step, index) => ({ ...step, log: long, state: index === 7 ? 'failed' : step.state })),
    },
    '',
  );
  assert.ok(Buffer.byteLength(page) < 1_300_000, `${Buffer.byteLength(page)} bytes`);
});

test('the policy allows the style and the script of the page, and nothing else', async () => {
  const page = await reportPage(madeUpReport(3), '');
  const [, policy = ''] = /Content-Security-Policy" content="([^"]*)"/.exec(page) ?? [];
  for (const tag of ['style', 'script']) {
    const [, text = ''] = new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`).exec(page) ?? [];
    assert.ok(text.length > 1000);
    assert.ok(policy.includes(`${tag}-src &#39;sha256-${createHash('sha256').update(text).digest('base64')}&#39;`));
  }
  assert.ok(!/ style="| on\w+="/.test(page));
});

test('nothing that a peer wrote becomes markup', async () => {
  const evil = `</script><script>alert(1)</script><img src=x onerror='x'>"`;
  const [step] = madeUpReport(1).steps;
  assert.ok(step);
  const steps = [
    { ...step, text: evil, stage: evil, error: evil, log: [evil], transfers: [{ name: evil, size: 1, time: 1 }] },
  ];
  const source = { filename: evil, lines: [{ number: 1, text: evil, isMarked: true }] };
  const page = await reportPage(
    madeUpReport(1, {
      name: evil,
      ref: evil,
      builder: evil,
      steps: [...steps, { ...steps[0], ...step, text: evil, inputs: [0] }],
      failure: { message: evil, step: 0, sources: [source] },
      warnings: [{ text: evil, details: [evil], url: `javascript:${evil}`, source }],
      materials: [{ uri: evil, digests: [evil] }],
      parameters: [{ title: evil, entries: [{ name: evil, value: evil }] }],
      results: [
        {
          platform: evil,
          digest: evil,
          mediaType: evil,
          size: 1,
          layers: [],
          attestations: [{ type: evil, digest: evil }],
        },
      ],
      gaps: [evil],
    }),
    evil,
  );
  assert.equal(page.match(/<script/g)?.length, 1);
  assert.ok(!page.includes('<img') && !page.includes('javascript:'));
});

test('a build of which nothing is known has a page', async () => {
  const nothing = madeUpReport(1, {
    steps: [],
    criticalPath: [],
    materials: [],
    results: [],
    parameters: [],
    duration: 0,
  });
  assert.match(await reportPage(nothing, ''), /Completed in 0 s/);
});

test('of a log the last whole lines are shown', () => {
  assert.equal(lastLines(['a', 'bb', 'ccc'], 7), 'bb\nccc');
  assert.equal(lastLines(['a', 'bb', 'ccc'], 100), 'a\nbb\nccc');
  assert.equal(lastLines(['x'.repeat(50)], 10), 'x'.repeat(10));
  assert.equal(lastLines([], 10), '');
  assert.equal(lastLines(['a'], 0), '');
});
