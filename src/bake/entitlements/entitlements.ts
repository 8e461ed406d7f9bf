// Matches EntitlementConf of buildx bake/entitlements.go: what builds need beyond what everyone may, and `--allow`.
import { csvFields } from '../../base/csv-fields.ts';
import { TsbuildxError, wrap } from '../../base/errors.ts';
import { goQuote } from '../../base/go-quote.ts';
import { cut } from '../../values/index.ts';

/** What is allowed, or what is missing. */
export interface Entitlements {
  readonly networkHost: boolean;
  readonly securityInsecure: boolean;
  readonly ssh: boolean;
  readonly localDelete: boolean;
  /** Every device, or those of these names. */
  readonly devices: { readonly all: boolean; readonly names: ReadonlySet<string> };
  /** Paths that may be read, with all below; `*`: all. */
  readonly read: readonly string[];
  readonly write: readonly string[];
}

export const noEntitlements: Entitlements = {
  networkHost: false,
  securityInsecure: false,
  ssh: false,
  localDelete: false,
  devices: { all: false, names: new Set() },
  read: [],
  write: [],
};

const localDelete = 'buildx.local.delete';

/** `--allow` texts. Throws INVALID_ARGUMENT. */
export function parseAllowed(texts: readonly string[]): Entitlements {
  return texts.reduce(addAllowed, noEntitlements);
}

function addAllowed(allowed: Entitlements, text: string): Entitlements {
  const [key, value = ''] = cut(text);
  switch (text) {
    case 'network.host':
      return { ...allowed, networkHost: true };
    case 'security.insecure':
      return { ...allowed, securityInsecure: true };
    case 'ssh':
      return { ...allowed, ssh: true };
    case localDelete:
      return { ...allowed, localDelete: true };
    default:
      break;
  }
  switch (key) {
    case 'device':
      return { ...allowed, devices: addDevice(allowed.devices, value) };
    case 'fs.read':
      return { ...allowed, read: [...allowed.read, value] };
    case 'fs.write':
      return { ...allowed, write: [...allowed.write, value] };
    case 'fs':
      return { ...allowed, read: [...allowed.read, value], write: [...allowed.write, value] };
    case 'image':
    case 'image.push':
    case 'image.load':
      // known, and not asked for yet
      return allowed;
    case localDelete:
      throw new TsbuildxError('INVALID_ARGUMENT', `${localDelete} does not accept a value`);
    default:
      throw new TsbuildxError('INVALID_ARGUMENT', `unknown entitlement key ${goQuote(key)}`);
  }
}

/** Throws INVALID_ARGUMENT. */
export function addDevice({ all, names }: Entitlements['devices'], value: string): Entitlements['devices'] {
  if (value === '') return { all: true, names };
  try {
    const [name = ''] = csvFields(value);
    return { all, names: new Set([...names, name]) };
  } catch (error) {
    throw wrap('INVALID_ARGUMENT', `failed to parse device entitlement ${goQuote(value)}`, error);
  }
}
