import {
  any,
  bool,
  dictionary,
  embedded,
  field,
  float64,
  type GoValue,
  int,
  int64,
  list,
  method,
  namedText,
  pointer,
  struct,
  text,
} from '../../src/cli/output/template/index.ts';

interface Inner {
  readonly name: string;
  readonly count: number;
  readonly tags: readonly string[] | undefined;
  readonly hidden: number;
}

const inner = struct<Inner>({
  name: 'main.Inner',
  fields: {
    Name: field(text, ({ name }) => name, 'name'),
    Count: field(int, ({ count }) => count, 'count,omitempty'),
    Tags: field(list(text), ({ tags }) => tags),
    hidden: field(int, ({ hidden }) => hidden),
  },
});

const base = struct<string>({
  name: 'main.Base',
  fields: { Kind: field(text, (kind) => kind) },
  methods: { Hello: method(text, (kind) => `hello ${kind}`) },
});

const digest = namedText('main.Digest', {
  Encoded: method(text, (value) => value.split(':')[1] ?? ''),
  String: method(text, (value) => value),
});

const loose: unknown = JSON.parse('{"a":1,"b":[true,null,"x<y>",2.5],"c":{"d":"e","f":1e30},"z":null}');

const context = pointer(
  struct<string>({
    name: 'main.Ctx',
    fields: {
      Base: embedded(base, () => 'bk'),
      Labels: field(dictionary(text), () => Object.entries({ x: '1', b: 'two', 'a.b': 'dots' })),
      Any: field(any, () => loose),
      Inner: field(inner, () => ({ name: 'in', count: 7, tags: ['t1', 't2'], hidden: 9 })),
      PInner: field(pointer(inner), () => ({ name: 'pin', count: 0, tags: undefined, hidden: 0 })),
      NilInner: field(pointer(inner), () => undefined),
      Float: field(float64, () => 3.25),
      I64: field(int64, () => 1n << 40n),
      Nil: field(any, () => undefined),
      NilSlice: field(list(text), () => undefined),
      NilMap: field(dictionary(text), () => undefined),
      Digest: field(digest, () => 'sha256:abcdef'),
      List: field(list(inner), () => [
        { name: 'one', count: 1, tags: undefined, hidden: 0 },
        { name: 'two', count: 2, tags: ['q'], hidden: 0 },
      ]),
      secret: field(text, () => 's'),
    },
    methods: {
      ID: method(text, () => 'abc<123>'),
      Parents: method(list(text), () => ['p1', 'p2', 'p3']),
      Mutable: method(bool, () => true),
      UsageCount: method(int, () => 42),
      Size: method(text, () => '1.5GB'),
      Uni: method(text, () => 'héllo wörld ✓'),
    },
  }),
);

/** What the recorded templates were run on: every kind of value, and each that can be nil. */
export const templateContext: GoValue = context.of('context');
