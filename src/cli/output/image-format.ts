// Matches buildx util/imagetools/printers.go: what `imagetools inspect --format` shows.
import { goJson } from '../../base/go-json.ts';
import { goJsonIndented } from '../../base/go-json-indent.ts';
import { listMember, member, textMember, textMembers } from '../../base/json-object.ts';
import {
  type ContentDescriptor,
  descriptorJson,
  type InspectedImage,
  type InspectedPlatform,
  type InspectImageOptions,
  isIndexType,
  readContentDescriptor,
} from '../../index.ts';
import { descriptorShape, digestShape, imageShape, provenanceShape, sbomShape } from './image-shapes.ts';
import { imageText } from './image-text.ts';
import {
  any,
  anyType,
  dictionary,
  field,
  type Functions,
  goTemplate,
  type GoValue,
  int,
  int64,
  jsonOf,
  list,
  method,
  pointer,
  type Shape,
  stringValue,
  struct,
  templateFunction,
  text,
} from './template/index.ts';

interface Shown {
  readonly name: string;
  readonly image: InspectedImage;
}

/** What has to be read for a format. */
export function detailsOf(format: string): NonNullable<InspectImageOptions['details']> {
  if (format === '') return [];
  return [
    'config',
    ...(format.includes('SBOM') ? (['sbom'] as const) : []),
    ...(format.includes('Provenance') ? (['provenance'] as const) : []),
  ];
}

/** What a format shows of an image, as far as it gets. `name` is what the user called it. Throws INVALID_ARGUMENT. */
export function showImage(
  image: InspectedImage,
  name: string,
  format: string,
): ReturnType<ReturnType<typeof goTemplate>> {
  const show = goTemplate(format, functions);
  if (/^\{\{(?:- )?\s*\.Manifest\s*(?: -)?\}\}$/.test(format.trim()))
    return { output: imageText(image), error: undefined };
  return show((image.images.size > 1 ? manyShape : oneShape).of({ name, image }));
}

/** What the metadata file says of an image that was made. */
export function descriptorText(descriptor: ContentDescriptor, repositories: readonly string[]): string {
  return goJsonIndented({
    'containerimage.descriptor': descriptorJson(descriptor),
    'image.name': repositories.join(','),
  });
}

const functions: Functions = new Map([
  ['json', templateFunction([anyType], ([value]) => stringValue(indentedJson(value)))],
]);

/** Empty for what JSON cannot say, as in buildx. */
function indentedJson(value: GoValue | undefined): string {
  if (value === undefined) return goJson(null);
  try {
    return goJsonIndented(jsonOf(value));
  } catch {
    return '';
  }
}

const indexShape = struct<Shown>({
  name: 'struct { SchemaVersion int "json:\\"schemaVersion\\""; MediaType string "json:\\"mediaType,omitempty\\""; Digest digest.Digest "json:\\"digest\\""; Size int64 "json:\\"size\\""; Manifests []v1.Descriptor "json:\\"manifests\\""; Annotations map[string]string "json:\\"annotations,omitempty\\"" }',
  fields: {
    SchemaVersion: field(int, (shown) => Number(member(documentOf(shown), 'schemaVersion') ?? 0), 'schemaVersion'),
    MediaType: field(text, (shown) => textMember(documentOf(shown), 'mediaType'), 'mediaType,omitempty'),
    Digest: field(digestShape, ({ image }) => image.descriptor.digest, 'digest'),
    Size: field(int64, ({ image }) => image.descriptor.size, 'size'),
    Manifests: field(
      list(descriptorShape),
      (shown) => listMember(documentOf(shown), 'manifests')?.map(readContentDescriptor),
      'manifests',
    ),
    Annotations: field(dictionary(text), annotationsOf, 'annotations,omitempty'),
  },
});

function documentOf({ image }: Shown): unknown {
  return JSON.parse(Buffer.from(image.bytes).toString());
}

function annotationsOf(shown: Shown): readonly (readonly [string, string])[] | undefined {
  const annotations = member(documentOf(shown), 'annotations');
  return annotations === undefined ? undefined : Object.entries(textMembers(annotations));
}

/** A descriptor, or an index. */
const manifestShape: Shape<Shown> = {
  type: anyType,
  of(shown) {
    const { descriptor } = shown.image;
    const inner = isIndexType(descriptor.mediaType) ? indexShape.of(shown) : descriptorShape.of(descriptor);
    return { kind: 'interface', type: anyType, inner };
  },
};

const common = {
  Name: field(text, ({ name }: Shown) => name, 'name,omitempty'),
  Manifest: field(manifestShape, (shown: Shown) => shown, 'manifest,omitempty'),
};
const result = field(any, () => undefined);

/** Of one platform. */
const oneShape = struct<Shown>({
  name: 'imagetools.tplInput',
  fields: {
    ...common,
    Image: field(pointer(imageShape), ({ image }) => firstOf(image)?.config, 'image,omitempty'),
    result,
  },
  methods: {
    SBOM: method(sbomShape, ({ image }) => firstOf(image)?.sbom),
    Provenance: method(provenanceShape, ({ image }) => firstOf(image)?.provenance),
  },
});

/** Of several: all by platform. */
const manyShape = struct<Shown>({
  name: 'imagetools.tplInputs',
  fields: {
    ...common,
    Image: field(dictionary(pointer(imageShape)), ({ image }) => byPlatform(image, 'config'), 'image,omitempty'),
    result,
  },
  methods: {
    SBOM: method(dictionary(sbomShape), ({ image }) => byPlatform(image, 'sbom')),
    Provenance: method(dictionary(provenanceShape), ({ image }) => byPlatform(image, 'provenance')),
  },
});

function firstOf({ images }: InspectedImage): InspectedPlatform | undefined {
  return images.values().next().value;
}

/** Platforms that have it. */
function byPlatform<K extends 'config' | 'sbom' | 'provenance'>(
  { images }: InspectedImage,
  what: K,
): readonly (readonly [string, InspectedPlatform[K]])[] {
  return [...images].flatMap(([platform, image]) =>
    image[what] === undefined ? [] : [[platform, image[what]] as const],
  );
}
