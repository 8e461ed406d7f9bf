import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { createContentClient } from '../../../../src/buildkit/content/index.ts';
import type { Method, RpcClient } from '../../../../src/buildkit/rpc/index.ts';

const signal = new AbortController().signal;
const digestOf = (text: string): string => `sha256:${createHash('sha256').update(text).digest('hex')}`;

/** A daemon that answers every read with these pieces, and says of everything that it has `size` bytes. */
function store(pieces: readonly string[], size = 0): ReturnType<typeof createContentClient> {
  const unused = (): never => assert.fail('not asked for');
  const rpc: RpcClient = {
    endpoint: 'none',
    connect: unused,
    openStream: unused,
    unary: async <Req, Res>(method: Method<Req, Res>) => method.decode(Buffer.from([0x0a, 2, 0x10, size])),
    async *serverStream<Req, Res>(method: Method<Req, Res>) {
      for (const piece of pieces) {
        const data = Buffer.from(piece);
        yield method.decode(Buffer.concat([Buffer.from([0x12, data.length]), data]));
      }
    },
    [Symbol.asyncDispose]: async () => {},
  };
  return createContentClient(rpc);
}

describe('content', () => {
  it('is read in pieces', async () => {
    const content = { digest: digestOf('hello'), size: 5 };
    assert.equal((await store(['he', 'l', 'lo']).readAll(content, { signal })).toString(), 'hello');
    const pieces: string[] = [];
    for await (const piece of store(['he', 'llo']).read(content, { signal }))
      pieces.push(Buffer.from(piece).toString());
    assert.deepEqual(pieces, ['he', 'llo']);
  });

  it('may be empty', async () => {
    assert.equal((await store([]).readAll({ digest: digestOf(''), size: 0 }, { signal })).length, 0);
  });

  it('is as large as the daemon says when nobody else does', async () => {
    const content = { digest: digestOf('hello'), size: -1 };
    assert.equal((await store(['hello'], 5).readAll(content, { signal })).toString(), 'hello');
    await assert.rejects(store(['hello'], 4).readAll(content, { signal }), { code: 'PROTOCOL' });
  });

  const wrong: readonly [what: string, pieces: readonly string[], digest: string, size: number, message: RegExp][] = [
    ['too long', ['hello', '!'], digestOf('hello'), 5, /larger than the 5 bytes that were told/],
    ['too short', ['hell'], digestOf('hello'), 5, /smaller than the 5 bytes that were told/],
    ['another', ['jello'], digestOf('hello'), 5, /has another digest/],
    ['nothing that has a digest', [], 'sha256:../x', 5, /no usable name/],
    ['less than nothing', [], digestOf('hello'), -2, /no usable size: -2/],
    ['larger than there is room for', ['hello'], digestOf('hello'), 2 ** 40, /larger than 67108864 bytes/],
  ];
  for (const [what, pieces, digest, size, message] of wrong) {
    it(`is refused when it is ${what}`, async () => {
      await assert.rejects(store(pieces).readAll({ digest, size }, { signal }), { code: 'PROTOCOL', message });
    });
  }
});
