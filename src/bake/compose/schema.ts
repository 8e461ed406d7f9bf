// The part of the compose-spec's JSON schema that a build needs: services with image, build, environment and env_file, and secrets.

/** A JSON schema, with the keywords that the compose-spec uses here. */
export interface Schema {
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly patternProperties?: readonly (readonly [pattern: RegExp, schema: Schema])[];
  /** False: no others. */
  readonly additionalProperties?: false;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly uniqueItems?: true;
  readonly oneOf?: readonly Schema[];
}

const text: Schema = { type: 'string' };
const flag: Schema = { type: ['boolean', 'string'] };
const extensions = [/^x-/, {}] as const;
const names = /^[a-zA-Z0-9._-]+$/;
const texts: Schema = { type: 'array', items: text };
const uniqueTexts: Schema = { ...texts, uniqueItems: true };

function closed(properties: Readonly<Record<string, Schema>>, more: Partial<Schema> = {}): Schema {
  return { type: 'object', properties, additionalProperties: false, patternProperties: [extensions], ...more };
}

const pairs: Schema = {
  oneOf: [
    {
      type: 'object',
      patternProperties: [[/.+/, { type: ['string', 'number', 'boolean', 'null'] }]],
      additionalProperties: false,
    },
    uniqueTexts,
  ],
};

const hosts: Schema = {
  oneOf: [
    { type: 'object', patternProperties: [[/.+/, { oneOf: [text, texts] }]], additionalProperties: false },
    uniqueTexts,
  ],
};

const limit: Schema = { type: ['integer', 'string'] };

const limits: Schema = {
  type: 'object',
  patternProperties: [
    [/^[a-z]+$/, { oneOf: [limit, closed({ hard: limit, soft: limit }, { required: ['soft', 'hard'] })] }],
  ],
};

const mounts: Schema = {
  type: 'array',
  items: {
    oneOf: [text, closed({ source: text, target: text, uid: text, gid: text, mode: { type: ['number', 'string'] } })],
  },
};

const envFiles: Schema = {
  oneOf: [
    text,
    {
      type: 'array',
      items: {
        oneOf: [
          text,
          {
            type: 'object',
            properties: { path: text, format: text, required: flag },
            required: ['path'],
            additionalProperties: false,
          },
        ],
      },
    },
  ],
};

const build: Schema = {
  oneOf: [
    text,
    closed({
      context: text,
      dockerfile: text,
      dockerfile_inline: text,
      entitlements: texts,
      args: pairs,
      ssh: pairs,
      labels: pairs,
      cache_from: texts,
      cache_to: texts,
      no_cache: flag,
      no_cache_filter: { oneOf: [text, uniqueTexts] },
      additional_contexts: pairs,
      network: text,
      provenance: { type: ['string', 'boolean'] },
      sbom: { type: ['string', 'boolean'] },
      pull: flag,
      target: text,
      shm_size: { type: ['integer', 'string'] },
      extra_hosts: hosts,
      isolation: text,
      privileged: flag,
      secrets: mounts,
      tags: texts,
      ulimits: limits,
      platforms: texts,
    }),
  ],
};

const secret: Schema = closed({
  name: text,
  environment: text,
  file: text,
  external: { type: ['boolean', 'string', 'object'], properties: { name: text } },
  labels: pairs,
  driver: text,
  driver_opts: { type: 'object', patternProperties: [[/^.+$/, { type: ['string', 'number'] }]] },
  template_driver: text,
});

const service: Schema = closed({ image: text, build, environment: pairs, env_file: envFiles });

export const composeSchema: Schema = closed({
  services: { type: 'object', patternProperties: [[names, service]], additionalProperties: false },
  secrets: { type: 'object', patternProperties: [[names, secret]], additionalProperties: false },
});
