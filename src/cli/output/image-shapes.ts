// What templates of `imagetools inspect` see. Matches opencontainers image-spec (specs-go/v1) and buildx util/imagetools.
import { type GoTime, parseGoTime } from '../../base/go-time.ts';
import { listMember, member, members, textMember, textMembers } from '../../base/json-object.ts';
import { type ContentDescriptor, type ImageProvenance, type ImageSbom, readPlatform } from '../../index.ts';
import type { Platform } from '../../oci/index.ts';
import {
  any,
  bool,
  dictionary,
  embedded,
  field,
  int64,
  list,
  method,
  namedText,
  pointer,
  type Shape,
  struct,
  text,
  time,
} from './template/index.ts';

const OMIT = ',omitempty';

export const digestShape: Shape<string> = namedText('digest.Digest', {
  Algorithm: method(namedText('digest.Algorithm'), (digest) => digest.slice(0, digest.indexOf(':'))),
  Encoded: method(text, encoded),
  Hex: method(text, encoded),
  String: method(text, (digest) => digest),
});

function encoded(digest: string): string {
  return digest.slice(digest.indexOf(':') + 1);
}

const platformShape = struct<Platform>({
  name: 'v1.Platform',
  fields: {
    Architecture: field(text, ({ architecture }) => architecture, 'architecture'),
    OS: field(text, ({ os }) => os, 'os'),
    OSVersion: field(text, ({ osVersion = '' }) => osVersion, `os.version${OMIT}`),
    OSFeatures: field(list(text), ({ osFeatures }) => osFeatures, `os.features${OMIT}`),
    Variant: field(text, ({ variant = '' }) => variant, `variant${OMIT}`),
  },
});

export const descriptorShape: Shape<ContentDescriptor> = struct<ContentDescriptor>({
  name: 'v1.Descriptor',
  fields: {
    MediaType: field(text, ({ mediaType }) => mediaType, 'mediaType'),
    Digest: field(digestShape, ({ digest }) => digest, 'digest'),
    Size: field(int64, ({ size }) => size, 'size'),
    URLs: field(list(text), ({ urls }) => urls, `urls${OMIT}`),
    Annotations: field(
      dictionary(text),
      ({ annotations }) => annotations && Object.entries(annotations),
      `annotations${OMIT}`,
    ),
    Data: field(text, ({ data = '' }) => data, `data${OMIT}`),
    Platform: field(pointer(platformShape), ({ platform }) => platform, `platform${OMIT}`),
    ArtifactType: field(text, ({ artifactType = '' }) => artifactType, `artifactType${OMIT}`),
  },
});

function timeOf(value: unknown, name: string): GoTime | undefined {
  return parseGoTime(textMember(value, name));
}

function textsOf(value: unknown, name: string): readonly string[] | undefined {
  return listMember(value, name)?.filter((item) => typeof item === 'string');
}

const emptyStruct = struct<undefined>({ name: 'struct {}' });

function namesOf(value: unknown, name: string): readonly (readonly [string, undefined])[] | undefined {
  const found = member(value, name);
  return found === undefined || found === null ? undefined : members(found).map(([key]) => [key, undefined]);
}

const configShape = struct<unknown>({
  name: 'v1.ImageConfig',
  fields: {
    User: field(text, (config) => textMember(config, 'User'), OMIT),
    ExposedPorts: field(dictionary(emptyStruct), (config) => namesOf(config, 'ExposedPorts'), OMIT),
    Env: field(list(text), (config) => textsOf(config, 'Env'), OMIT),
    Entrypoint: field(list(text), (config) => textsOf(config, 'Entrypoint'), OMIT),
    Cmd: field(list(text), (config) => textsOf(config, 'Cmd'), OMIT),
    Volumes: field(dictionary(emptyStruct), (config) => namesOf(config, 'Volumes'), OMIT),
    WorkingDir: field(text, (config) => textMember(config, 'WorkingDir'), OMIT),
    Labels: field(dictionary(text), (config) => labelsOf(config), OMIT),
    StopSignal: field(text, (config) => textMember(config, 'StopSignal'), OMIT),
    ArgsEscaped: field(bool, (config) => member(config, 'ArgsEscaped') === true, OMIT),
  },
});

function labelsOf(config: unknown): readonly (readonly [string, string])[] | undefined {
  const labels = member(config, 'Labels');
  return labels === undefined || labels === null ? undefined : Object.entries(textMembers(labels));
}

const rootFsShape = struct<unknown>({
  name: 'v1.RootFS',
  fields: {
    Type: field(text, (rootFs) => textMember(rootFs, 'type'), 'type'),
    DiffIDs: field(list(digestShape), (rootFs) => textsOf(rootFs, 'diff_ids'), 'diff_ids'),
  },
});

const historyShape = struct<unknown>({
  name: 'v1.History',
  fields: {
    Created: field(pointer(time), (step) => timeOf(step, 'created'), `created${OMIT}`),
    CreatedBy: field(text, (step) => textMember(step, 'created_by'), `created_by${OMIT}`),
    Author: field(text, (step) => textMember(step, 'author'), `author${OMIT}`),
    Comment: field(text, (step) => textMember(step, 'comment'), `comment${OMIT}`),
    EmptyLayer: field(bool, (step) => member(step, 'empty_layer') === true, `empty_layer${OMIT}`),
  },
});

/** An image config in parsed JSON. */
export const imageShape: Shape<unknown> = struct<unknown>({
  name: 'v1.Image',
  fields: {
    Created: field(pointer(time), (image) => timeOf(image, 'created'), `created${OMIT}`),
    Author: field(text, (image) => textMember(image, 'author'), `author${OMIT}`),
    Platform: embedded(platformShape, readPlatform),
    Config: field(configShape, (image) => member(image, 'config'), `config${OMIT}`),
    RootFS: field(rootFsShape, (image) => member(image, 'rootfs'), 'rootfs'),
    History: field(list(historyShape), (image) => listMember(image, 'history'), `history${OMIT}`),
  },
});

export const sbomShape: Shape<ImageSbom | undefined> = struct<ImageSbom | undefined>({
  name: 'imagetools.sbomStub',
  fields: {
    SPDX: field(any, (sbom) => sbom?.spdx, OMIT),
    AdditionalSPDXs: field(list(any), (sbom) => sbom?.additionalSpdxs, OMIT),
  },
});

export const provenanceShape: Shape<ImageProvenance | undefined> = struct<ImageProvenance | undefined>({
  name: 'imagetools.provenanceStub',
  fields: { SLSA: field(any, (provenance) => provenance?.slsa, OMIT) },
});
