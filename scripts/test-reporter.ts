// A reporter for node:test that prints failures only, and writes the counts to $TEST_SUMMARY.
import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import type { TestEvent } from 'node:test/reporters';
import { inspect } from 'node:util';

export default async function* report(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  for await (const event of events) {
    if (event.type === 'test:fail') {
      const { file = '', line = 0, name, details } = event.data;
      // a suite fails because of a test in it, which was told already
      if ('failureType' in details.error && details.error.failureType === 'subtestsFailed') continue;
      const cause: unknown = details.error.cause ?? details.error;
      yield `✖ ${name} (${relative(process.cwd(), file)}:${line})\n${indent(inspect(cause))}\n`;
    } else if (event.type === 'test:stderr') {
      yield event.data.message;
    } else if (event.type === 'test:summary' && event.data.file === undefined) {
      const { tests, passed, skipped, todo } = event.data.counts;
      const counts = { passed, failed: tests - passed - skipped - todo, skipped: skipped + todo };
      writeFileSync(process.env['TEST_SUMMARY'] ?? '/dev/stderr', JSON.stringify(counts));
    }
  }
}

function indent(text: string): string {
  return text.replaceAll(/^/gm, '    ');
}
