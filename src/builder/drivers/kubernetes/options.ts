// Matches buildx driver/kubernetes/factory.go processDriverOpts: same defaults, same error texts.
import { messageOf } from '../../../base/errors.ts';
import { parseGoDuration } from '../../../base/go-duration.ts';
import { parseGoInt } from '../../../base/go-int.ts';
import { goQuote } from '../../../base/go-quote.ts';
import { boolOption, invalidOption as invalid } from '../options.ts';
import { parseTolerations, type Toleration } from './tolerations.ts';

/** How a connection chooses its pod: always the same one for a context, or any. */
export type LoadBalance = 'sticky' | 'random';

/** Quantities are as written; absent texts are empty. */
export interface KubernetesOptions {
  readonly image: string;
  /** Undefined: the kubeconfig's. */
  readonly namespace: string | undefined;
  readonly replicas: number;
  readonly requests: Resources;
  readonly limits: Resources;
  /** Of a volume that outlives the pods. */
  readonly persistentStorage: string;
  readonly rootless: boolean;
  readonly schedulerName: string;
  readonly serviceAccount: string;
  readonly nodeSelector: Labels;
  readonly annotations: Labels;
  readonly labels: Labels;
  /** Undefined when none were asked for. */
  readonly tolerations: readonly Toleration[] | undefined;
  readonly loadBalance: LoadBalance;
  /** The image that installs qemu on the node; undefined: it is not installed. */
  readonly qemuImage: string | undefined;
  readonly rootVolumeMemory: string;
  readonly defaultLoad: boolean;
  /** Milliseconds that pods may take to be ready. */
  readonly timeoutMs: number;
  readonly env: readonly { readonly name: string; readonly value: string }[];
}

export type Labels = Readonly<Record<string, string>>;

interface Resources {
  readonly cpu: string;
  readonly memory: string;
  readonly ephemeralStorage: string;
}

const IMAGE = 'moby/buildkit:buildx-stable-1';
const ROOTLESS_IMAGE = `${IMAGE}-rootless`;
const QEMU_IMAGE = 'tonistiigi/binfmt:latest';
const TIMEOUT = '120s';

const NAMES: ReadonlySet<string> = new Set([
  'image',
  'namespace',
  'replicas',
  'requests.cpu',
  'requests.memory',
  'requests.ephemeral-storage',
  'persistent-volume-claim.requests.storage',
  'limits.cpu',
  'limits.memory',
  'limits.ephemeral-storage',
  'rootless',
  'schedulername',
  'serviceaccount',
  'nodeselector',
  'annotations',
  'labels',
  'tolerations',
  'loadbalance',
  'qemu.install',
  'qemu.image',
  'buildkit-root-volume-memory',
  'default-load',
  'timeout',
]);

/** Throws INVALID_ARGUMENT. */
export function readKubernetesOptions(options: Labels): KubernetesOptions {
  for (const name of Object.keys(options)) {
    if (name === 'env.') throw invalid(`invalid env option ${goQuote(name)}, expecting env.FOO=bar`);
    if (!NAMES.has(name) && !name.startsWith('env.')) {
      throw invalid(`invalid driver option ${name} for driver kubernetes`);
    }
  }
  const text = (name: string): string => options[name] ?? '';
  const flag = (name: string): boolean => options[name] !== undefined && boolOption(text(name));
  const pairs = (name: string, what: string): Labels =>
    options[name] === undefined ? {} : within(`cannot parse ${what}`, () => splitPairs(text(name)));
  const resources = (kind: string): Resources => ({
    cpu: text(`${kind}.cpu`),
    memory: text(`${kind}.memory`),
    ephemeralStorage: text(`${kind}.ephemeral-storage`),
  });
  const rootless = flag('rootless');
  // any word about rootless, if it is "false", changes the image: as buildx has it
  const image = options['rootless'] !== undefined && options['image'] === undefined ? ROOTLESS_IMAGE : IMAGE;
  const installsQemu = flag('qemu.install');
  return {
    image: text('image') || image,
    namespace: options['namespace'],
    replicas: options['replicas'] === undefined ? 1 : parseGoInt(text('replicas'), 32),
    requests: resources('requests'),
    limits: resources('limits'),
    persistentStorage: text('persistent-volume-claim.requests.storage'),
    rootless,
    schedulerName: text('schedulername'),
    serviceAccount: text('serviceaccount'),
    nodeSelector: pairs('nodeselector', 'node selector'),
    annotations: pairs('annotations', 'annotations'),
    labels: pairs('labels', 'labels'),
    tolerations: options['tolerations'] === undefined ? undefined : parseTolerations(text('tolerations')),
    loadBalance: loadBalanceOf(options['loadbalance']),
    qemuImage: installsQemu ? text('qemu.image') || QEMU_IMAGE : undefined,
    rootVolumeMemory: text('buildkit-root-volume-memory'),
    defaultLoad: flag('default-load'),
    timeoutMs: Number(
      within('cannot parse timeout', () => parseGoDuration(options['timeout'] ?? TIMEOUT)) / 1_000_000n,
    ),
    env: Object.entries(options)
      .filter(([name]) => name.startsWith('env.'))
      .map(([name, value]) => ({ name: name.slice('env.'.length), value })),
  };
}

function loadBalanceOf(text: string | undefined): LoadBalance {
  if (text === undefined || text === 'sticky') return 'sticky';
  if (text === 'random') return text;
  throw invalid(`invalid loadbalance ${goQuote(text)}`);
}

/** `a=b,c=d`, in quotes or not. */
function splitPairs(text: string): Labels {
  const pairs = text
    .replace(/^"+|"+$/g, '')
    .split(',')
    .map((pair): [string, string] => {
      const [name, value, ...rest] = pair.split('=');
      if (name === undefined || value === undefined || rest.length > 0)
        throw invalid(`invalid key-value pair: ${pair}`);
      return [name, value];
    });
  return Object.fromEntries(pairs);
}

function within<T>(what: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw invalid(`${what}: ${messageOf(error)}`);
  }
}
