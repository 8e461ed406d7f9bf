// The flags of `bake`, with buildx's names and texts (commands/bake.go).
import type { FlagsFor } from '../flags/definition.ts';

export interface BakeFlagValues {
  readonly allow: readonly string[];
  readonly call: string;
  readonly check: boolean;
  readonly 'env-file': readonly string[];
  readonly file: readonly string[];
  readonly graph: string | undefined;
  readonly list: string | undefined;
  readonly 'list-targets': boolean;
  readonly 'list-variables': boolean;
  readonly load: boolean;
  readonly 'metadata-file': string | undefined;
  readonly 'no-cache': boolean | undefined;
  readonly policy: readonly string[];
  readonly print: boolean;
  readonly progress: string;
  readonly provenance: string | undefined;
  readonly pull: boolean | undefined;
  readonly push: boolean;
  readonly sbom: string | undefined;
  readonly set: readonly string[];
  readonly var: readonly string[];
}

export const bakeFlags: FlagsFor<BakeFlagValues> = {
  allow: { kind: 'array', usage: 'Allow build to access specified resources' },
  call: {
    kind: 'string',
    default: 'build',
    usage: 'Set method for evaluating build ("check", "outline", "targets")',
  },
  check: { kind: 'bool', usage: 'Shorthand for "--call=check"' },
  'env-file': { kind: 'array', usage: 'Read variables from a file (default: ".env", for compose files)' },
  file: { kind: 'array', short: 'f', usage: 'Build definition file' },
  graph: { kind: 'string', usage: 'Print what would be built as a graph ("dot", "json", "mermaid")' },
  list: { kind: 'string', usage: 'List targets or variables' },
  'list-targets': {
    kind: 'bool',
    hidden: true,
    usage: 'List available targets',
    deprecated: 'list-targets is deprecated, use list=targets instead',
  },
  'list-variables': {
    kind: 'bool',
    hidden: true,
    usage: 'List defined variables',
    deprecated: 'list-variables is deprecated, use list=variables instead',
  },
  load: { kind: 'bool', usage: 'Shorthand for "--set=*.output=type=docker". Conditional.' },
  'metadata-file': { kind: 'string', usage: 'Write build result metadata to a file' },
  'no-cache': { kind: 'bool', isOptional: true, usage: 'Do not use cache when building the image' },
  policy: {
    kind: 'array',
    usage: 'Global policy evaluation options (format: "[disabled=true|false][,strict=true|false][,log-level=level]")',
  },
  print: { kind: 'bool', usage: 'Print the options without building' },
  progress: {
    kind: 'string',
    default: 'auto',
    usage:
      'Set type of progress output ("auto", "grouped", "none", "plain", "quiet", "rawjson", "tty"). Use plain to show container output',
  },
  provenance: { kind: 'string', usage: 'Shorthand for "--set=*.attest=type=provenance"' },
  pull: { kind: 'bool', isOptional: true, usage: 'Always attempt to pull all referenced images' },
  push: { kind: 'bool', usage: 'Shorthand for "--set=*.output=type=registry". Conditional.' },
  sbom: { kind: 'string', usage: 'Shorthand for "--set=*.attest=type=sbom"' },
  set: { kind: 'array', usage: 'Override target value (e.g., "targetpattern.key=value")' },
  var: { kind: 'array', usage: 'Set a variable value (e.g., "name=value")' },
};
