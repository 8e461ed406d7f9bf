import assert from 'node:assert/strict';
import { test } from 'node:test';
import { convert } from '../../../../scripts/fuzz/check-request.ts';
import { isDockerfileError, parseSyntax } from '../../../../src/dockerfile/syntax/index.ts';

const size = 10_000_000;

/** Ten megabytes of the same. */
function much(text: string): string {
  return text.repeat(Math.ceil(size / text.length));
}

const shapes: Readonly<Record<string, string>> = {
  comments: `FROM scratch\n${much('# x\n')}`,
  'a here-document': `FROM scratch\nCOPY <<E /\n${much('line $x\n')}E\n`,
  'one instruction': `FROM scratch\nLABEL a=b${much(' \\\n# x')}\n`,
  instructions: `FROM scratch\n${much('RUN a b c\n')}`,
  stages: much('FROM scratch\n'),
  words: `FROM scratch\nCOPY${much(' \\\na')} /\n`,
  'a line': `FROM scratch\nRUN ${much('x')}\n`,
  'open braces': `FROM scratch\nENV A=b\\\n${much('${A:-\\\n')}`,
};

for (const [name, dockerfile] of Object.entries(shapes)) {
  test(`ten megabytes of ${name} are answered`, async () => {
    const answer = await convert({ id: name, dockerfile, opts: {} }).catch((error: unknown) => error);
    assert.ok(typeof answer === 'string' || (isDockerfileError(answer) && answer.locations.length > 0), String(answer));
  });
}

test('a file with more instructions than a daemon could take is refused where the limit is reached', () => {
  const most = 'ENV A=b\n'.repeat(100_000);
  assert.equal(parseSyntax(most).nodes.length, 100_000);
  assert.throws(
    () => parseSyntax(`${most}ENV A=b\n`),
    (error) => isDockerfileError(error) && error.locations[0]?.start === 100_001,
  );
});
