import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { array, assert as check, constantFrom, oneof, property, string } from 'fast-check';
import { TsbuildxError } from '../../../../../src/base/errors.ts';
import { goJsonIndented } from '../../../../../src/base/go-json-indent.ts';
import { utcTime } from '../../../../../src/base/go-time.ts';
import {
  anyType,
  dictionary,
  dockerTemplate,
  jsonOf,
  pointer,
  stringValue,
  templateFunction,
  text,
  time,
} from '../../../../../src/cli/output/template/index.ts';
import { templateContext } from '../../../../support/template-context.ts';

function render(template: string): string {
  return dockerTemplate(template).render(templateContext);
}

describe('dockerTemplate', () => {
  it('ends with a text or an error of ours, whatever the template', () => {
    const pieces = constantFrom(
      ...'{{ }} {{- -}} {{end}} {{else}} if with range define template block break continue . $ $x := = | ( ) , "a" `r` 1 -1 1.5 nil'.split(
        ' ',
      ),
      ...'.ID .Any .List .Labels .NilInner .Foo print printf index slice len eq lt and or not json join split pad truncate'.split(
        ' ',
      ),
      '"%v"',
      '"%[9]*.*d"',
      '"%+#x"',
      '/*',
      '*/',
      '\n',
      ' ',
      "'",
      '\\',
      'é',
      '\udc80',
    );
    const template = array(pieces, { maxLength: 24 }).map((words) => words.join(' '));
    check(
      property(oneof(template, string({ unit: 'binary' })), (source) => {
        try {
          assert.equal(typeof render(source), 'string');
        } catch (error) {
          assert.ok(error instanceof TsbuildxError && error.code === 'INVALID_ARGUMENT', String(error));
        }
      }),
      { numRuns: 3000 },
    );
  });

  const endless = [
    ['calls itself', '{{define "a"}}{{template "a"}}{{end}}{{template "a"}}'],
    ['counts for ever', '{{range 9000000000000000000}}{{end}}'],
    ['grows without end', '{{range 100000000}}{{printf "%1000000s" ""}}{{end}}'],
    ['asks for more than there can be', '{{pad "x" 1000000000 1}}'],
    ['nests without end', `${'{{if true}}'.repeat(20_000)}${'{{end}}'.repeat(20_000)}`],
    ['has too many parentheses', `{{${'('.repeat(50_000)}1${')'.repeat(50_000)}}}`],
  ] as const;
  for (const [what, template] of endless) {
    it(`gives up on one that ${what}`, () => {
      assert.throws(() => render(template), { code: 'INVALID_ARGUMENT' });
    });
  }

  it('shows times as Go does', () => {
    const created = pointer(time).of(utcTime(1_764_000_000_120_000_000n));
    assert.equal(
      dockerTemplate('{{.}} {{json .}} {{printf "%s" .}} {{.String}}').render(created),
      '2025-11-24 16:00:00.12 +0000 UTC "2025-11-24T16:00:00.12Z" 2025-11-24 16:00:00.12 +0000 UTC 2025-11-24 16:00:00.12 +0000 UTC',
    );
  });

  it("takes functions of a command, in the place of docker's too", () => {
    const indented = templateFunction([anyType], ([value]) =>
      stringValue(goJsonIndented(value === undefined ? null : jsonOf(value))),
    );
    const template = dockerTemplate('{{json .Inner}}', new Map([['json', indented]]));
    assert.equal(template.render(templateContext).split('\n')[1], '  "name": "in",');
  });

  it('keeps the bytes of a text that is cut within a character', () => {
    assert.equal(render('{{truncate "é" 1}}'), '\udcc3');
  });

  it('leaves names of columns as they are, and stops where they do not fit', () => {
    const headers = dictionary(text).of([['Name', 'NAME']]);
    assert.equal(dockerTemplate('{{lower .Name}}\t{{json .Name}}').renderHeader(headers), 'NAME\tNAME');
    assert.equal(dockerTemplate('{{.Name}} {{.Other}}').renderHeader(headers), 'NAME <no value>');
    assert.equal(dockerTemplate('{{.Name}} {{.Name.First}}').renderHeader(headers), 'NAME ');
  });
});
