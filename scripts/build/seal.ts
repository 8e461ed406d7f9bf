// Puts main script and assets into a node executable. Runs in the very version of node that it seals into: the layout of
// the blob differs between versions. Argument: the order as JSON.
import { createRequire } from 'node:module';

interface SealOrder {
  readonly main: string;
  readonly assets: Readonly<Record<string, string>>;
  readonly node: string;
  readonly platform: string;
  readonly arch: string;
  /** Absolute. */
  readonly output: string;
}

type Seal = (main: string, options: object) => Promise<void>;

const order = JSON.parse(process.argv[2] ?? '') as SealOrder;
const seal = (createRequire(import.meta.url)('@yao-pkg/pkg/lib-es5/sea') as { default: Seal }).default;
await seal(order.main, {
  targets: [{ nodeRange: 'node24', platform: order.platform, arch: order.arch, output: order.output }],
  nodePath: order.node,
  useLocalNode: true, // take the version of this process for granted: a foreign node cannot be asked
  signature: order.platform === 'macos',
  seaConfig: {
    disableExperimentalSEAWarning: true,
    useSnapshot: false,
    useCodeCache: false,
    execArgvExtension: 'none',
    assets: order.assets,
  },
});
