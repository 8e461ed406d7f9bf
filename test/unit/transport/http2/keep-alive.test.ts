import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KeepAlive } from '../../../../src/transport/index.ts';

interface Peer {
  heardAt: number | undefined;
  pings: number;
  ping(): void;
}

/** A peer that does something at each ping. */
function peerThat(onPing: (peer: Peer) => void): Peer {
  return {
    heardAt: undefined,
    pings: 0,
    ping() {
      this.pings += 1;
      onPing(this);
    },
  };
}

test('a silent peer is pinged once, then given up with the reason', async () => {
  const peer = peerThat(() => undefined);
  const { promise, resolve } = Promise.withResolvers<string>();
  using keepAlive = new KeepAlive(peer, { quietMs: 5, answerMs: 20, onSilent: resolve });
  keepAlive.start();
  assert.equal(await promise, 'no answer to a ping for 0.02 seconds');
  assert.equal(peer.pings, 1);
});

test('any byte that comes instead of an answer is a sign of life', async () => {
  const enough = Promise.withResolvers<void>();
  const peer = peerThat((self) => {
    if (self.pings === 4) enough.resolve();
    else setTimeout(() => (self.heardAt = performance.now()), 2);
  });
  using keepAlive = new KeepAlive(peer, {
    quietMs: 2,
    answerMs: 200,
    onSilent: (why) => enough.reject(new Error(why)),
  });
  keepAlive.start();
  await enough.promise;
});

test('a peer that speaks is not pinged, nor is one that is not watched', async () => {
  const peer = peerThat(() => undefined);
  using keepAlive = new KeepAlive(peer, { quietMs: 500, answerMs: 1, onSilent: () => assert.fail('given up') });
  keepAlive.start();
  const speaking = setInterval(() => (peer.heardAt = performance.now()), 5);
  await new Promise((resolve) => setTimeout(resolve, 50));
  clearInterval(speaking);
  keepAlive.start(1);
  keepAlive.stop();
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(peer.pings, 0);
});
