// Matches the cidr functions of hashicorp/go-cty-funcs over apparentlymart/go-cidr.
import { TsbuildxError } from '../../base/errors.ts';
import {
  ArgumentError,
  type FunctionSpec,
  forArgument,
  listType,
  listValue,
  stringType,
  stringValue,
  type Value,
} from '../cty/index.ts';
import { define } from './define.ts';
import { formatAddress, formatNetwork, isMapped, masked, type Network, parseNetwork } from './address.ts';
import { number, text } from './parameter.ts';
import { int64Of, wholeNumber } from './whole-number.ts';

/** Bits by which one call may lengthen a prefix. */
const MAX_NEW_BITS = 32;

function failure(message: string): TsbuildxError {
  return new TsbuildxError('INVALID_ARGUMENT', message);
}

/** The address of a host; negative numbers count from the end. */
function host(network: Network, wanted: bigint): string {
  const { address, bits, prefix } = network;
  const last = (1n << BigInt(bits - prefix)) - 1n;
  const isFromEnd = wanted < 0n;
  if ((isFromEnd ? -wanted - 1n : wanted) > last) {
    throw failure(`prefix of ${prefix} does not accommodate a host numbered ${wanted}`);
  }
  return formatAddress(address | (isFromEnd ? last + wanted + 1n : wanted), bits);
}

function netmask({ bits, prefix }: Network): string {
  return formatAddress(masked((1n << BigInt(bits)) - 1n, bits, prefix), bits);
}

function subnet(network: Network, newBits: number, wanted: bigint): string {
  if (newBits > MAX_NEW_BITS) throw failure(`may not extend prefix by more than ${MAX_NEW_BITS} bits`);
  const { address, bits } = network;
  const prefix = network.prefix + newBits;
  if (prefix > bits || prefix < 0) {
    throw failure(`insufficient address space to extend prefix of ${network.prefix} by ${newBits}`);
  }
  const last = newBits < 0 ? 2n ** 64n - 1n : (1n << BigInt(newBits)) - 1n;
  const place = wanted << BigInt(bits - prefix);
  if (wanted < 0n || wanted > last || place >> BigInt(bits) > 0n) {
    throw failure(`prefix extension of ${newBits} does not accommodate a subnet numbered ${wanted}`);
  }
  return formatNetwork({ address: address | place, bits, prefix });
}

/** Subnets one behind the other. */
function subnets(network: Network, newBits: readonly Value[]): Value {
  const end = network.address + (1n << BigInt(network.bits - network.prefix));
  let previous: Network | undefined;
  const results = newBits.map((value, i) => {
    const prefix = network.prefix + extensionOf(value, i + 1);
    if (prefix > network.bits) throw tooLong(network, prefix, i + 1);
    const address = nextAddress(network, previous, prefix);
    if (address >= end) {
      const after = formatNetwork(previous ?? network);
      const what = `a subnet with a prefix of ${prefix} bits after ${after}`;
      throw new ArgumentError(i + 1, `not enough remaining address space for ${what}`);
    }
    previous = { address, bits: network.bits, prefix };
    return stringValue(formatNetwork(previous));
  });
  return listValue(results, stringType);
}

function extensionOf(value: Value, argument: number): number {
  const extension = forArgument(argument, () => wholeNumber(value));
  if (extension < 1) throw new ArgumentError(argument, 'must extend prefix by at least one bit');
  if (extension <= MAX_NEW_BITS) return extension;
  throw new ArgumentError(argument, `may not extend prefix by more than ${MAX_NEW_BITS} bits`);
}

function tooLong(network: Network, prefix: number, argument: number): ArgumentError {
  const protocol = network.bits === 32 || isMapped(network) ? 'IPv4' : 'IPv6';
  const why = `which is too long for an ${protocol} address`;
  return new ArgumentError(argument, `would extend prefix to ${prefix} bits, ${why}`);
}

/** The first address behind the one before that starts a network of that size. */
function nextAddress(network: Network, previous: Network | undefined, prefix: number): bigint {
  if (previous === undefined) return network.address;
  const size = 1n << BigInt(network.bits - Math.min(prefix, previous.prefix));
  return masked(previous.address, network.bits, Math.min(prefix, previous.prefix)) + size;
}

export const networkFunctions: Readonly<Record<string, FunctionSpec>> = {
  cidrhost: define({
    parameters: [text('prefix'), number('hostnum')],
    returns: stringType,
    run: (prefix: Value, wanted: Value) => {
      const hostNumber = int64Of(wanted);
      return stringValue(host(parseNetwork(prefix.asString()), hostNumber));
    },
  }),
  cidrnetmask: define({
    parameters: [text('prefix')],
    returns: stringType,
    run: (prefix: Value) => stringValue(netmask(parseNetwork(prefix.asString()))),
  }),
  cidrsubnet: define({
    parameters: [text('prefix'), number('newbits'), number('netnum')],
    returns: stringType,
    run: (prefix: Value, newBits: Value, wanted: Value) => {
      const [bits, netNumber] = [wholeNumber(newBits), int64Of(wanted)];
      return stringValue(subnet(parseNetwork(prefix.asString()), bits, netNumber));
    },
  }),
  cidrsubnets: define({
    parameters: [text('prefix')],
    variadic: number('newbits'),
    returns: listType(stringType),
    run: (prefix: Value, ...newBits: Value[]) =>
      subnets(
        forArgument(0, () => parseNetwork(prefix.asString())),
        newBits,
      ),
  }),
};
