import type { Readable } from 'node:stream';
import type { ArchiveDir } from './archive-context.ts';
import type { DockerFlags } from '../docker/contexts/index.ts';
import type { Annotation, AttestSpec, CacheSpec, OutputSpec, PolicyConfig, ResourceLimits } from '../values/index.ts';
import type { NodePolicy } from './node-policy.ts';
import type { MetadataProvenance } from './provenance.ts';
import type { SecretSpec } from './secrets.ts';
import type { SshSpec } from './ssh-agents.ts';

export type {
  Annotation,
  AttestSpec,
  CacheSpec,
  OutputDestination,
  OutputSpec,
  PolicyConfig,
  ResourceLimits,
} from '../values/index.ts';

/** Where the build context comes from. */
export type ContextSource =
  /** A directory of this machine. */
  | { readonly kind: 'local'; readonly path: string }
  /**
   * A git or http(s) URL, or any context reference that the daemon fetches. `subdir`: a directory in it, for archives; the path
   * of the Dockerfile is from the root of the archive all the same.
   */
  | { readonly kind: 'remote'; readonly url: string; readonly subdir?: string | undefined }
  /** Files held in memory: path relative to the context, with `/`, to content. */
  | { readonly kind: 'memory'; readonly files: Readonly<Record<string, string | Uint8Array>> }
  /** A tar archive, plain or compressed, read once and streamed to the daemon. */
  | { readonly kind: 'tar'; readonly stream: Readable };

/** Where the Dockerfile comes from. */
export type DockerfileSource =
  /** A path of this machine, absolute or relative to the working directory; inside the context when that is remote. */
  | { readonly kind: 'path'; readonly path: string }
  | {
      readonly kind: 'text';
      readonly text: string | Uint8Array;
      /** What messages call it. Default: `stdin`. */
      readonly name?: string | undefined;
      /** The path that local state keeps of it. Default: `-`, that of standard input. */
      readonly path?: string | undefined;
    }
  /** Fetched through the builder. */
  | { readonly kind: 'url'; readonly url: string };

/** Lines of a `.dockerignore`; those of the file come first. */
export interface IgnoreRules {
  /** A path of this machine, absolute or relative to the working directory. */
  readonly file?: string | undefined;
  readonly patterns?: readonly string[] | undefined;
}

/** How the Docker engine is found: what the docker CLI takes as global flags. */
export interface DockerOptions extends DockerFlags {
  /** Directory of config.json. Default: `$DOCKER_CONFIG` or `~/.docker`. */
  readonly configDir?: string | undefined;
}

/** What to build and where. Only `context` is required. */
export interface BuildOptions {
  readonly context: ContextSource;
  /** Default: `Dockerfile` in the context, or `dockerfile` when only that exists. */
  readonly dockerfile?: DockerfileSource | undefined;
  /** What of a local context is not part of the build, in place of what an ignore file of the context or the Dockerfile says. */
  readonly ignore?: IgnoreRules | undefined;
  /** Builder name, docker context name, or an address: `unix://`, `tcp://`, `docker-container://`. Default: `$BUILDX_BUILDER`, else the current docker context. */
  readonly builder?: string | undefined;
  /** The only node of the builder that may build. Default: those that have the platforms. */
  readonly node?: string | undefined;
  /** Which of several nodes that have a platform builds. Default `first`, as buildx has it. */
  readonly nodePolicy?: NodePolicy | undefined;
  /** Refuse platforms that nodes have by emulation only. Default false. */
  readonly strictPlatform?: boolean | undefined;
  readonly docker?: DockerOptions | undefined;
  /** Image names, `[registry/]repository[:tag]`. */
  readonly tags?: readonly string[] | undefined;
  /** Default: an image in the engine with the docker driver or `default-load`, else nothing. */
  readonly outputs?: readonly OutputSpec[] | undefined;
  /** Of the images of `outputs`. */
  readonly annotations?: readonly Annotation[] | undefined;
  readonly target?: string | undefined;
  /** `os/arch[/variant]`. Default: the builder's own. */
  readonly platforms?: readonly string[] | undefined;
  readonly buildArgs?: Readonly<Record<string, string>> | undefined;
  readonly labels?: Readonly<Record<string, string>> | undefined;
  /** Named contexts: name to `docker-image://…`, `oci-layout://…`, URL or a local path. */
  readonly namedContexts?: Readonly<Record<string, string>> | undefined;
  /** More contexts by name: directories of archives of the web. */
  readonly archiveContexts?: Readonly<Record<string, ArchiveDir>> | undefined;
  /** Always ask the registry for newer base images. Default false. */
  readonly pull?: boolean | undefined;
  /** Use no cache, or none for these stages. Default false. */
  readonly noCache?: boolean | readonly string[] | undefined;
  /** Caches to read. A local one that is not there is left out with a warning. */
  readonly cacheFrom?: readonly CacheSpec[] | undefined;
  /** Where the cache of this build is written. */
  readonly cacheTo?: readonly CacheSpec[] | undefined;
  /** `default`, `none` or `host` for RUN. */
  readonly network?: string | undefined;
  /** `host=ip`. */
  readonly addHosts?: readonly string[] | undefined;
  /** Bytes of /dev/shm for RUN. */
  readonly shmSize?: number | undefined;
  /** `name=soft[:hard]`. */
  readonly ulimits?: readonly string[] | undefined;
  readonly cgroupParent?: string | undefined;
  readonly resources?: ResourceLimits | undefined;
  /** Policies, as `--policy` gives them. None can be evaluated: one that counts is refused. Default: the one beside the Dockerfile counts. */
  readonly policies?: readonly PolicyConfig[] | undefined;
  /** An encoded `moby.buildkit.v1.sourcepolicy.Policy`, which the daemon applies; see `encodeSourcePolicy`. */
  readonly sourcePolicy?: Uint8Array | undefined;
  /** Entitlements, for example `network.host`; `buildx.local.delete` lets `mode=delete` clear any directory. */
  readonly allow?: readonly string[] | undefined;
  /** Default: provenance in `mode=min`, where the builder can and $BUILDX_NO_DEFAULT_ATTESTATIONS is not set. */
  readonly attests?: readonly AttestSpec[] | undefined;
  /** For `RUN --mount=type=secret`; git and http sources look for `GIT_AUTH_TOKEN` and the like. */
  readonly secrets?: readonly SecretSpec[] | undefined;
  /** For `RUN --mount=type=ssh` and git over ssh. Default: `$SSH_AUTH_SOCK` when the context is git over ssh, else none. */
  readonly ssh?: readonly SshSpec[] | undefined;
  /** Provenance that the daemon recorded, for `metadataOf`: `min` without steps and times. Default `disabled`. */
  readonly metadataProvenance?: MetadataProvenance | undefined;
  /** Default `$TSBUILDX_FRONTEND`, else `client`: compile here. `daemon` runs the daemon's own dockerfile.v0. */
  readonly frontend?: 'client' | 'daemon' | undefined;
  /** Default: the process's environment. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** Base of relative paths. Default: the process's working directory. */
  readonly cwd?: string | undefined;
}
