import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createImageCopier } from '../../../src/imagetools/copy-images.ts';
import type { ContentDescriptor, ImageStore } from '../../../src/registry/images/index.ts';
import { sha256 } from '../../support/layouts.ts';

const { signal } = new AbortController();
const OCI = 'application/vnd.oci.image.';

/** Images in memory. */
class Memory implements ImageStore {
  readonly name = 'memory';
  readonly contents = new Map<string, string>();
  /** What was written, in order. */
  readonly written: string[] = [];
  readonly known = new Map<string, ContentDescriptor[]>();

  put(text: string, mediaType: string, more: Partial<ContentDescriptor> = {}): ContentDescriptor {
    this.contents.set(sha256(text), text);
    return { mediaType, digest: sha256(text), size: text.length, ...more };
  }

  async find(): Promise<undefined> {}

  async *read({ digest }: ContentDescriptor): AsyncGenerator<Uint8Array> {
    const text = this.contents.get(digest) ?? assert.fail(`no ${digest}`);
    yield Buffer.from(text.slice(0, 2));
    yield Buffer.from(text.slice(2));
  }

  async write({ digest }: ContentDescriptor, content: (offset: number) => AsyncIterable<Uint8Array>): Promise<void> {
    let text = '';
    for await (const piece of content(1)) text += Buffer.from(piece).toString();
    // manifests come whole, whatever part is asked for
    assert.ok([text, `{${text}`, `l${text}`].some((whole) => sha256(whole) === digest));
    this.written.push(digest);
  }

  async referrers(digest: string): Promise<readonly ContentDescriptor[]> {
    return this.known.get(digest) ?? [];
  }

  async linkReferrers(): Promise<void> {}
}

test('what manifests name is written before them, once, and foreign layers stay where they are', async () => {
  const [from, to] = [new Memory(), new Memory()];
  const config = from.put('{}', `${OCI}config.v1+json`);
  const layer = from.put('layer', `${OCI}layer.v1.tar`);
  const foreign = from.put('foreign', `${OCI}layer.nondistributable.v1.tar`, { urls: ['https://example.com/layer'] });
  const manifests = ['a', 'b'].map((name) =>
    from.put(JSON.stringify({ name, config, layers: [layer, foreign] }), `${OCI}manifest.v1+json`),
  );
  const index = from.put(JSON.stringify({ manifests }), `${OCI}index.v1+json`);
  await createImageCopier(to, { signal }).copy(index, from);
  const at = (descriptor: ContentDescriptor): number => to.written.indexOf(descriptor.digest);
  assert.equal(to.written.length, 5);
  assert.equal(at(foreign), -1);
  assert.equal(at(index), 4);
  for (const manifest of manifests) assert.ok(at(manifest) > at(layer) && at(manifest) > at(config));
});

test('signatures and attestations come along, other referrers do not', async () => {
  const [from, to] = [new Memory(), new Memory()];
  const put = (name: string, artifactType?: string): ContentDescriptor =>
    from.put(JSON.stringify({ name }), `${OCI}manifest.v1+json`, { artifactType });
  const image = put('image');
  const signature = put('signature', 'application/vnd.dev.cosign.artifact.sig.v1+json');
  from.known.set(image.digest, [signature, put('note', 'text/plain')]);
  const copier = createImageCopier(to, { signal });
  await copier.copy(image, from);
  assert.deepEqual(to.written, [image.digest, signature.digest]);
  assert.deepEqual([...copier.referrers], [[image.digest, [signature]]]);
});

test('nothing is written when the signal has been given', async () => {
  const [from, to] = [new Memory(), new Memory()];
  const layer = from.put('layer', `${OCI}layer.v1.tar`);
  await assert.rejects(createImageCopier(to, { signal: AbortSignal.abort() }).copy(layer, from));
  assert.deepEqual(to.written, []);
});
