import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addShorthands, type DestinationFacts, parseOutput, resolveOutputs } from '../../../src/values/output.ts';

const entries: readonly [text: string, type: string, dest: string | undefined, attrs: Record<string, string>][] = [
  ['out', 'local', 'out', {}],
  ['./a=b', 'local', './a=b', {}],
  ['-', 'tar', '-', {}],
  ['type=local,dest=out', 'local', 'out', {}],
  ['Type=tar,DEST=x.tar', 'tar', 'x.tar', {}],
  ['type=image,name=a,push=true', 'image', undefined, { name: 'a', push: 'true' }],
  ['type=docker', 'docker', undefined, {}],
  ['type=image,"name=a,b"', 'image', undefined, { name: 'a,b' }],
  ['type=local,dest=a=b', 'local', 'a=b', {}],
];

for (const [text, type, dest, attrs] of entries) {
  test(`--output ${text}`, () => assert.deepEqual(parseOutput(text), { type, dest, attrs }));
}

const errors: readonly [text: string, message: string][] = [
  ['dest=x,foo=y', 'type is required for output'],
  ['type=', 'type is required for output'],
  ['a,b', 'invalid value a'],
  ['type=local,b', 'invalid value b'],
  ['"x', 'parse error on line 1, column 2: extraneous or missing " in quoted-field'],
];

for (const [text, message] of errors) {
  test(`--output ${text} is refused`, () =>
    assert.throws(() => parseOutput(text), { code: 'INVALID_ARGUMENT', message }));
}

const kinds: Readonly<Record<string, 'directory' | 'file'>> = { dir: 'directory', file: 'file' };
const facts: DestinationFacts = { stdout: process.stdout, kindOf: (path) => kinds[path] };
const terminal: DestinationFacts = { ...facts, stdout: Object.create(process.stdout, { isTTY: { value: true } }) };
const piped: DestinationFacts = { ...facts, stdout: Object.create(process.stdout, { isTTY: { value: undefined } }) };

test('an archive goes to stdout when it is not told where', () => {
  const specs = resolveOutputs([parseOutput('type=tar')], piped);
  assert.equal(specs[0]?.dest?.kind, 'stream');
});

const destinationErrors: readonly [texts: readonly string[], facts: DestinationFacts, message: string][] = [
  [['type=local'], facts, 'dest is required for local exporter'],
  [['type=local,dest=-'], facts, 'dest cannot be stdout for local exporter'],
  [['file'], facts, 'destination directory file is a file'],
  [['type=tar,dest=dir'], facts, 'destination file dir is a directory'],
  [['-'], terminal, 'dest file is required for tar exporter. refusing to write to console'],
  [['-', 'type=oci'], piped, 'multiple outputs configured to write to stdout'],
];

for (const [texts, where, message] of destinationErrors) {
  test(`--output ${texts.join(' ')} is refused: ${message}`, () => {
    assert.throws(() => resolveOutputs(texts.map(parseOutput), where), { message });
  });
}

const none = { push: false, load: false };
const shorthands: readonly [name: string, given: readonly string[], flags: typeof none, types: readonly string[]][] = [
  ['--push adds an image that is pushed', [], { ...none, push: true }, ['registry ']],
  ['--push turns on the push of an image', ['type=image,push=false'], { ...none, push: true }, ['registry push=false']],
  ['--push keeps unpack', ['type=image,unpack=true'], { ...none, push: true }, ['registry unpack=true']],
  ['--push leaves other outputs', ['out'], { ...none, push: true }, ['local ', 'registry ']],
  ['--load adds docker', ['out'], { ...none, load: true }, ['local ', 'docker ']],
  ['--load adds nothing twice', ['type=docker'], { ...none, load: true }, ['docker ']],
  ['--load beside a file adds docker', ['type=docker,dest=x'], { ...none, load: true }, ['docker ', 'docker ']],
  ['other exporters are the business of the daemon', ['type=foo,a=b'], none, ['foo a=b']],
];

for (const [name, given, flags, types] of shorthands) {
  test(name, () => {
    const specs = addShorthands(resolveOutputs(given.map(parseOutput), facts), flags);
    const shown = specs.map(({ type, attrs }) => {
      const pairs = Object.entries(attrs).map(([key, value]) => `${key}=${value}`);
      return `${type} ${pairs.sort().join(' ')}`;
    });
    assert.deepEqual(shown, types);
  });
}
