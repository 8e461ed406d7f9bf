// Matches BuildKit's client/ociindex: which images an OCI layout names, and how an export adds one.
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { TsbuildxError, wrap } from '../../base/errors.ts';
import { goJson } from '../../base/go-json.ts';
import { isJsonObject, type JsonObject, member } from '../../base/json-object.ts';
import { isMissing } from '../../base/system-error.ts';
import { makeDirectories, replaceFile } from '../../files/index.ts';
import { type Descriptor, readDescriptor, withAnnotations } from './descriptor.ts';
import { withIndexLock } from './index-lock.ts';

/** How an export calls an image in a layout. */
export type LayoutName =
  | { readonly kind: 'tag'; readonly tag: string }
  /** A reference with its registry; its tag names it too. */
  | { readonly kind: 'image'; readonly name: string };

const imageName = 'io.containerd.image.name';
const refName = 'org.opencontainers.image.ref.name';
const indexType = 'application/vnd.oci.image.index.v1+json';
/** More than any layout that people make, and little enough to be held. */
const MAX_INDEX_BYTES = 16 * 1024 * 1024;

/** The images that a layout names. Errors: IO, NOT_FOUND, PROTOCOL. */
export async function readLayoutIndex(dir: string): Promise<Descriptor[]> {
  return (await readLayoutEntries(dir)).map(readDescriptor);
}

/** The same with all that the layout says of them, in parsed JSON. */
export async function readLayoutEntries(dir: string): Promise<readonly JsonObject[]> {
  return manifestsOf(await readIndex(join(dir, 'index.json')));
}

interface Annotated {
  readonly annotations?: Descriptor['annotations'] | undefined;
}

/** The image of that name, else of that tag; undefined when there is none. */
export function findByName<T extends Annotated>(manifests: readonly T[], tag: string): T | undefined {
  const named = (key: string): T | undefined =>
    manifests.find(({ annotations = {} }) => Object.hasOwn(annotations, key) && annotations[key] === tag);
  return named(imageName) ?? named(refName);
}

/**
 * Adds an image to the layout's index, in the place of those that had one of its names; without names beside the others.
 * Makes the layout when there is none. `descriptor` is its descriptor in parsed JSON. Errors: IO, PROTOCOL.
 */
export async function addToLayoutIndex(
  dir: string,
  descriptor: JsonObject,
  names: readonly LayoutName[],
): Promise<void> {
  const { annotations } = readDescriptor(descriptor);
  makeDirectories(dir);
  await withIndexLock(dir, async () => {
    await writeWhole(dir, 'oci-layout', '{"imageLayoutVersion":"1.0.0"}');
    const path = join(dir, 'index.json');
    const index = await readIndex(path).catch((error: unknown) => {
      if (error instanceof TsbuildxError && error.code === 'NOT_FOUND') return {};
      throw error;
    });
    let manifests = manifestsOf(index);
    for (const { image, tag } of names.map(annotationsOf)) {
      manifests = manifests.filter((other) => {
        const { annotations } = readDescriptor(other);
        return (annotations[refName] ?? '') !== tag || (annotations[imageName] ?? '') !== image;
      });
      const own = new Map(Object.entries(annotations)).set(refName, tag);
      if (image !== '') own.set(imageName, image);
      manifests.push(withAnnotations(descriptor, own));
    }
    if (names.length === 0) {
      const own = withAnnotations(descriptor, new Map(Object.entries(annotations)));
      manifests = [...manifests.filter((other) => goJson(other) !== goJson(own)), own];
    }
    await writeWhole(dir, 'index.json', goJson({ schemaVersion: 2, mediaType: indexType, ...index, manifests }));
  });
}

function annotationsOf(name: LayoutName): { readonly image: string; readonly tag: string } {
  return name.kind === 'tag' ? { image: '', tag: name.tag } : { image: name.name, tag: tagOf(name.name) };
}

/** What stands behind the repository, as containerd's references have it: `1.0`, `1.0@sha256:…`, `@sha256:…`. */
function tagOf(name: string): string {
  const slash = name.indexOf('/');
  const at = slash < 0 ? -1 : name.slice(slash).search(/[:@]/);
  return at < 0 ? '' : name.slice(slash + at).replace(/^:/, '');
}

async function readIndex(path: string): Promise<JsonObject> {
  const text = await readText(path);
  if (text === '') return {};
  try {
    const parsed: unknown = JSON.parse(text);
    if (isJsonObject(parsed)) return parsed;
    throw new TsbuildxError('PROTOCOL', 'not an object');
  } catch (error) {
    throw wrap('PROTOCOL', `could not unmarshal ${path}`, error);
  }
}

async function readText(path: string): Promise<string> {
  try {
    await using file = await open(path);
    const { size } = await file.stat();
    if (size > MAX_INDEX_BYTES) throw new TsbuildxError('PROTOCOL', `${size} bytes are too many`);
    return await file.readFile('utf8');
  } catch (error) {
    throw wrap(isMissing(error) ? 'NOT_FOUND' : 'IO', `could not read ${path}`, error);
  }
}

function manifestsOf(index: JsonObject): JsonObject[] {
  const manifests = member(index, 'manifests');
  return Array.isArray(manifests) ? manifests.filter(isJsonObject) : [];
}

async function writeWhole(dir: string, name: string, text: string): Promise<void> {
  const path = join(dir, name);
  try {
    await replaceFile(path, text, 0o644);
  } catch (error) {
    throw wrap('IO', `could not write ${path}`, error);
  }
}
