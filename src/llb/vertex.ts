import type { CapSet } from './caps.ts';
import type { OpMetadata, ProgressGroup, LinuxResources } from './definition.ts';
import type { Platform } from '../oci/index.ts';
import type { SourceLocation } from './source-map.ts';

/** One output of an op. May find its op only when it is asked: a build context is known after the last COPY. */
export interface Output {
  readonly vertex: Vertex;
  readonly index: number;
  /** The platform that the op was made for, when it was made for one. */
  readonly platform?: Platform | undefined;
}

/** A node of the build graph. */
export interface Vertex {
  /** Outputs that it needs, in the order in which a definition lists them. */
  inputs(): readonly Output[];
  /** Its bytes, given those of its inputs. */
  marshal(context: MarshalContext): MarshaledOp;
}

export interface MarshaledOp {
  readonly digest: string;
  readonly bytes: Uint8Array;
  readonly metadata: OpMetadata;
  readonly locations: readonly SourceLocation[];
}

/** What is the same for all ops of one definition. */
export interface MarshalContext {
  /** Platform of ops that name none. */
  readonly platform: Platform;
  /** Undefined: not known, ops do not adapt to the daemon. */
  readonly caps?: CapSet | undefined;
  /** Tells local sources without a session apart. */
  readonly localUniqueId: string;
  /** Digest and output number as another op refers to them. */
  input(output: Output): OpInput;
}

export interface OpInput {
  readonly digest: string;
  readonly index: number;
}

/** What every op can be told. */
export interface OpOptions {
  readonly platform?: Platform | undefined;
  readonly ignoreCache?: boolean | undefined;
  readonly description?: Readonly<Record<string, string>> | undefined;
  readonly progressGroup?: ProgressGroup | undefined;
  readonly linuxResources?: LinuxResources | undefined;
  readonly locations?: readonly SourceLocation[] | undefined;
}

/** The description under which the progress shows an op. */
export const customName = 'llb.customname';

/** Metadata of an op from its options and the capabilities that it needs. */
export function opMetadata(options: OpOptions, caps: Iterable<string>): OpMetadata {
  return {
    ignoreCache: options.ignoreCache ?? false,
    description: new Map(Object.entries(options.description ?? {})),
    caps: new Set(caps),
    progressGroup: options.progressGroup,
    linuxResources: options.linuxResources,
  };
}
