import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type Body,
  type BodySchema,
  type Diagnosed,
  diagnosticText,
  FilteredBody,
  formatRange,
  MergedBody,
  parseHcl,
  parseHclJson,
} from '../../../../src/bake/hcl/index.ts';

const schema: BodySchema = {
  attributes: [{ name: 'name', isRequired: true }, { name: 'size' }],
  blocks: [
    { type: 'target', labelNames: ['name'] },
    { type: 'inner', labelNames: [] },
  ],
};

function body(text: string, filename = 'f'): Body {
  const { value, diagnostics } = parseHcl(text, filename);
  assert.deepEqual(diagnostics, []);
  return value;
}

function texts({ diagnostics }: Diagnosed<unknown>): string[] {
  return diagnostics.map(diagnosticText);
}

test('a body is read by a schema, and what is left afterwards', () => {
  const { value, remain, diagnostics } = body(
    'name = 1\nother = 2\ntarget "a" {\n}\ninner {\n}\nmore {\n}\n',
  ).partialContent(schema);
  assert.deepEqual(diagnostics, []);
  assert.deepEqual([...value.attributes.keys()], ['name']);
  assert.deepEqual(
    value.blocks.map(({ type, labels, defRange }) => [type, ...labels, formatRange(defRange)]),
    [
      ['target', 'a', 'f:3,1-11'],
      ['inner', 'f:5,1-6'],
    ],
  );
  assert.deepEqual([...remain.justAttributes().value.keys()], ['other']);
  assert.deepEqual(texts(remain.partialContent(schema)), [
    'f:1,1-1: Missing required argument; The argument "name" is required, but no definition was found.',
  ]);
});

test('what does not fit a schema is told', () => {
  const source =
    'nam = 1\ninner = 2\nzzz = 3\ntarget {\n}\ntarget "a" "b" {\n}\ninner "a" {\n}\nsize {\n}\ntarge {\n}\n';
  assert.deepEqual(texts(body(source).content(schema)), [
    'f:1,1-1: Missing required argument; The argument "name" is required, but no definition was found.',
    'f:4,8-9: Missing name for target; All target blocks must have 1 labels (name).',
    'f:6,12-15: Extraneous label for target; Only 1 labels (name) are expected for target blocks.',
    'f:8,7-10: Extraneous label for inner; No labels are expected for inner blocks.',
    'f:1,1-4: Unsupported argument; An argument named "nam" is not expected here. Did you mean "name"?',
    'f:2,1-6: Unsupported argument; An argument named "inner" is not expected here. Did you mean to define a block of type "inner"?',
    'f:3,1-4: Unsupported argument; An argument named "zzz" is not expected here.',
    'f:10,1-5: Unsupported block type; Blocks of type "size" are not expected here. Did you mean to define argument "size"? If so, use the equals sign to assign it a value.',
    'f:12,1-6: Unsupported block type; Blocks of type "targe" are not expected here. Did you mean "target"?',
  ]);
});

test('attributes alone have no blocks beside them', () => {
  const attributes = body('a = 1\nb {\n}\n').justAttributes();
  assert.deepEqual([...attributes.value.keys()], ['a']);
  assert.deepEqual(texts(attributes), ['f:2,1-2: Unexpected "b" block; Blocks are not allowed here.']);
});

test('something that is missing belongs to the opening brace', () => {
  const { value } = body('inner {\n}\n').partialContent(schema);
  const [block] = value.blocks;
  assert.equal(block && formatRange(block.body.missingItemRange), 'f:1,7-7');
  assert.equal(formatRange(parseHclJson('{"a":1}', 'f').value.missingItemRange), 'f:1,7-8');
});

test('several bodies are one, the last attribute of a name counts', () => {
  const merged = new MergedBody([body('name = 1\nsize = 1\ninner {\n}\n', 'a'), body('name = 2\ninner {\n}\n', 'b')]);
  const content = merged.content(schema);
  assert.equal(content.value.attributes.get('name')?.range.filename, 'b');
  assert.equal(content.value.blocks.length, 2);
  assert.deepEqual(texts(content), ['b:1,1-5: Duplicate argument; Argument "name" was already set at a:1,1-5']);
  assert.deepEqual(
    [
      ...merged
        .partialContent({ attributes: [{ name: 'name' }], blocks: [] })
        .remain.justAttributes()
        .value.keys(),
    ],
    ['size'],
  );
  assert.deepEqual(texts(new MergedBody([]).content(schema)), [
    '<nil>: Missing required argument; The argument "name" is required, but was not set.',
  ]);
});

test('a filter shows what is in its schema, or what is not', () => {
  const whole = body('name = 1\nsize = 2\ninner {\n}\n');
  const filter: BodySchema = { attributes: [{ name: 'size' }], blocks: [{ type: 'inner', labelNames: [] }] };
  const shown = (mode: 'include' | 'exclude'): string[] => {
    const { attributes, blocks } = new FilteredBody(whole, filter, mode).content(schema).value;
    return [...attributes.keys(), ...blocks.map(({ type }) => type)];
  };
  assert.deepEqual(shown('include'), ['size', 'inner']);
  assert.deepEqual(shown('exclude'), ['name']);
});
