import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { fromLong, fsutil, toLong } from '../../../../src/proto/index.ts';
import {
  dataHeadBytes,
  decodePacket,
  encodePacket,
  encodeRequests,
  statPacketBytes,
  writeDataHead,
  writeStatPacket,
} from '../../../../src/session/fsutil/packet-codec.ts';
import type { Stat } from '../../../../src/session/fsutil/stat.ts';

const uint32 = fc.integer({ min: 0, max: 0xffff_ffff });
const stats: fc.Arbitrary<Stat> = fc.record({
  path: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 300 }),
  mode: uint32,
  uid: uint32,
  gid: uint32,
  size: fc.maxSafeNat(),
  modTime: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  linkname: fc.string({ unit: 'grapheme', maxLength: 300 }),
  devMajor: uint32,
  devMinor: uint32,
});

void test('a stat is written as protobuf has it, and read back', () => {
  fc.assert(
    fc.property(stats, (stat) => {
      const into = Buffer.alloc(statPacketBytes(stat) + 10);
      const end = writeStatPacket(into, 10, stat);
      assert.equal(into.readUInt32BE(11), end - 15);
      const message = into.subarray(15, end);
      const expected = fsutil.types.Packet.encode({
        stat: {
          path: stat.path,
          mode: stat.mode,
          uid: stat.uid,
          gid: stat.gid,
          size: toLong(stat.size),
          modTime: toLong(stat.modTime),
          linkname: stat.linkname,
          devmajor: toLong(stat.devMajor),
          devminor: toLong(stat.devMinor),
        },
      }).finish();
      assert.deepEqual(Buffer.from(message), Buffer.from(expected));
      assert.deepEqual(decodePacket(message), { type: 0, id: 0, stat: { ...stat }, data: new Uint8Array() });
    }),
  );
});

void test('data and requests are written as protobuf has them', () => {
  for (const id of [0, 1, 127, 128, 0xffff_ffff]) {
    for (const length of [0, 1, 127, 128, 300_000]) {
      const into = Buffer.alloc(dataHeadBytes(id, length) + length, 7);
      assert.equal(writeDataHead(into, 0, id, length) + length, into.length);
      const packet = fsutil.types.Packet.decode(into.subarray(5));
      assert.equal(into.readUInt32BE(1), into.length - 5);
      assert.deepEqual([packet.type, packet.ID, packet.data.length], [2, id, length]);
    }
    const request = encodeRequests([id, id]);
    assert.deepEqual(request.subarray(0, request.length / 2), request.subarray(request.length / 2));
    assert.deepEqual(decodePacket(request.subarray(5, request.length / 2)), {
      type: 1,
      id,
      stat: undefined,
      data: new Uint8Array(),
    });
  }
  const error = encodePacket(4, 0, Buffer.from('no'));
  assert.deepEqual(Buffer.from(decodePacket(error).data).toString(), 'no');
});

void test('unknown fields are read over, extended attributes too', () => {
  const message = fsutil.types.Packet.encode({
    stat: {
      path: 'a',
      mode: 0,
      uid: 0,
      gid: 0,
      size: toLong(3),
      modTime: toLong(0),
      linkname: '',
      xattrs: { 'user.a': Buffer.of(1) },
    },
  }).finish();
  const more = Buffer.concat([message, Buffer.from('f90101020304050607089d0201020304a20403010203', 'hex')]);
  const { stat } = decodePacket(more);
  assert.equal(stat?.path, 'a');
  assert.equal(stat.size, Number(fromLong(toLong(3))));
});

void test('whatever bytes come, a packet is read or refused', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      try {
        decodePacket(bytes);
      } catch (error) {
        assert.ok(error instanceof Error && 'code' in error && error.code === 'PROTOCOL');
      }
    }),
    { numRuns: 2_000 },
  );
});
