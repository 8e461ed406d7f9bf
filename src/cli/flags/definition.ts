/** One flag of a command. `list` is an array whose values may hold several items as CSV. */
export interface FlagDefinition {
  readonly kind: 'bool' | 'string' | 'array' | 'list';
  readonly short?: string;
  readonly usage: string;
  /** The name of the value's type in the help; default: what the kind is called there. */
  readonly type?: string;
  /** Used when the flag is absent, and shown in the help. */
  readonly default?: string | boolean;
  /** How the help shows a default that is none of a plain string or bool. */
  readonly shownDefault?: string;
  readonly hidden?: boolean;
  /** Throws when the value cannot be read; the message becomes part of `invalid argument …`. */
  readonly check?: (value: string) => unknown;
  /** Of a bool: neither true nor false when it is absent. */
  readonly isOptional?: true;
  /** Accepted and ignored, as buildx does, with this warning. */
  readonly warning?: string;
  /** What to use instead: told when the flag is given, and in no help. */
  readonly deprecated?: string;
}

export type FlagTable = Readonly<Record<string, FlagDefinition>>;

type DefinitionOf<V> = [V] extends [boolean]
  ? { readonly kind: 'bool' }
  : [V] extends [boolean | undefined]
    ? { readonly kind: 'bool'; readonly isOptional: true }
    : [V] extends [readonly string[]]
      ? { readonly kind: 'array' | 'list' }
      : [V] extends [string]
        ? { readonly kind: 'string'; readonly default: string }
        : { readonly kind: 'string' };

/** A table that declares at least the flags whose values `V` names, each of the kind that gives such a value. */
export type FlagsFor<V> = { readonly [K in keyof V]: FlagDefinition & DefinitionOf<V[K]> } & FlagTable;

export function isRepeatable(definition: FlagDefinition): boolean {
  return definition.kind === 'array' || definition.kind === 'list';
}
