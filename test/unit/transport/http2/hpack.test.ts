import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { encodeHeaders, HpackDecoder, type HeaderField } from '../../../../src/transport/http2/hpack.ts';

function hex(text: string): Buffer {
  return Buffer.from(text.replaceAll(' ', ''), 'hex');
}

const requests: readonly (readonly HeaderField[])[] = [
  [
    [':method', 'GET'],
    [':scheme', 'http'],
    [':path', '/'],
    [':authority', 'www.example.com'],
  ],
  [
    [':method', 'GET'],
    [':scheme', 'http'],
    [':path', '/'],
    [':authority', 'www.example.com'],
    ['cache-control', 'no-cache'],
  ],
  [
    [':method', 'GET'],
    [':scheme', 'https'],
    [':path', '/index.html'],
    [':authority', 'www.example.com'],
    ['custom-key', 'custom-value'],
  ],
];

// RFC 7541, appendix C.3 and C.4.
const plain = [
  '828684410f7777772e6578616d706c652e636f6d',
  '828684be58086e6f2d6361636865',
  '828785bf400a637573746f6d2d6b65790c637573746f6d2d76616c7565',
];
const huffman = [
  '828684418cf1e3c2e5f23a6ba0ab90f4ff',
  '828684be5886a8eb10649cbf',
  '828785bf408825a849e95ba97d7f8925a849e95bb8e8b4bf',
];

for (const [what, blocks] of [
  ['plain', plain],
  ['Huffman', huffman],
] as const) {
  void test(`the RFC's requests, ${what}`, () => {
    const decoder = new HpackDecoder(4096, 1 << 20);
    for (const [i, block] of blocks.entries()) assert.deepEqual(decoder.decode(hex(block)), requests[i]);
  });
}

// RFC 7541, appendix C.6: responses with a table of 256 bytes, so that entries are evicted.
void test('entries leave the table when it is full', () => {
  const decoder = new HpackDecoder(256, 1 << 20);
  const date1 = 'Mon, 21 Oct 2013 20:13:21 GMT';
  const location: HeaderField = ['location', 'https://www.example.com'];
  const first = decoder.decode(
    hex('488264025885aec3771a4b6196d07abe941054d444a8200595040b8166e082a62d1bff6e919d29ad171863c78f0b97c8e9ae82ae43d3'),
  );
  assert.deepEqual(first, [[':status', '302'], ['cache-control', 'private'], ['date', date1], location]);
  const second = decoder.decode(hex('4883640effc1c0bf'));
  assert.deepEqual(second, [[':status', '307'], ['cache-control', 'private'], ['date', date1], location]);
  const third = decoder.decode(
    hex(
      '88c16196d07abe941054d444a8200595040b8166e084a62d1bffc05a839bd9ab77ad94e7821dd7f2e6c7b335dfdfcd5b3960d5af27087f3672c1ab270fb5291f9587316065c003ed4ee5b1063d5007',
    ),
  );
  assert.deepEqual(third, [
    [':status', '200'],
    ['cache-control', 'private'],
    ['date', 'Mon, 21 Oct 2013 20:13:22 GMT'],
    location,
    ['content-encoding', 'gzip'],
    ['set-cookie', 'foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1'],
  ]);
});

const malformed: readonly (readonly [what: string, block: string])[] = [
  ['index 0', '80'],
  ['an index beyond the tables', 'be'],
  ['a name index beyond the tables', '7f00'],
  ['a string longer than the block', '000161'],
  ['an integer that never ends', '7fffffffffffffffff'],
  ['an index that is cut off', 'ff'],
  ['a table larger than offered', '3fe21f'],
  ['a table size between fields', '8220'],
  ['the end marker inside a string', '000184ffffffff'],
  ['padding of a byte', '000161821fff'],
  ['padding of zeros', '00016181 00'],
];

for (const [what, block] of malformed) {
  void test(`malformed: ${what}`, () => {
    const decoder = new HpackDecoder(4096, 1 << 20);
    assert.throws(() => decoder.decode(hex(block)), { code: 'PROTOCOL', errorCode: 9 });
  });
}

void test('a small block cannot grow without limit', () => {
  const decoder = new HpackDecoder(4096, 100_000);
  decoder.decode(Buffer.concat([hex('4001617fa11e'), Buffer.alloc(4000, 'x')]));
  assert.throws(() => decoder.decode(Buffer.alloc(100, 0xbe)), { errorCode: 11 });
});

void test('the table may be emptied and filled again', () => {
  const decoder = new HpackDecoder(4096, 1 << 20);
  assert.deepEqual(decoder.decode(hex('4001610162')), [['a', 'b']]);
  assert.deepEqual(decoder.decode(hex('be')), [['a', 'b']]);
  assert.deepEqual(decoder.decode(hex('20')), []);
  assert.throws(() => decoder.decode(hex('be')), { errorCode: 9 });
});

void test('what is encoded is decoded', () => {
  const field = fc.tuple(fc.stringMatching(/^[a-z-]{1,200}$/), fc.stringMatching(/^[ -~]{0,300}$/));
  fc.assert(
    fc.property(fc.array(field), (fields) => {
      assert.deepEqual(new HpackDecoder(4096, 1 << 20).decode(encodeHeaders(fields)), fields);
    }),
  );
});

void test('whatever bytes come, they are decoded or refused', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      try {
        new HpackDecoder(4096, 1 << 20).decode(bytes);
      } catch (error) {
        assert.ok(error instanceof Error && 'errorCode' in error);
      }
    }),
    { numRuns: 2_000 },
  );
});
