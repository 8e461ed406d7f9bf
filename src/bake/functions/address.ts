// IP addresses and networks as numbers, as Go's package net reads and writes them.
import { TsbuildxError } from '../../base/errors.ts';
import { canonicalIp } from '../../base/ip-address.ts';

export interface Network {
  readonly address: bigint;
  /** 32 or 128. */
  readonly bits: number;
  readonly prefix: number;
}

const MAPPED = 0xffffn << 32n;

/** Whether an IPv6 address stands for an IPv4 one. */
export function isMapped({ address, bits }: Pick<Network, 'address' | 'bits'>): boolean {
  return bits === 128 && address >> 32n === MAPPED >> 32n;
}

/** A network such as `10.0.0.0/8`, the bits behind the prefix cleared. Throws INVALID_ARGUMENT. */
export function parseNetwork(text: string): Network {
  const slash = text.indexOf('/');
  const addressText = text.slice(0, slash);
  const prefixText = text.slice(slash + 1);
  const bits = addressText.includes(':') ? 128 : 32;
  const address = slash < 0 ? undefined : addressOf(addressText);
  const prefix = /^[0-9]+$/.test(prefixText) ? Number(prefixText) : Infinity;
  if (address === undefined || prefix > bits) {
    throw new TsbuildxError('INVALID_ARGUMENT', `invalid CIDR expression: invalid CIDR address: ${text}`);
  }
  return { address: masked(address, bits, prefix), bits, prefix };
}

function addressOf(text: string): bigint | undefined {
  const canonical = canonicalIp(text);
  if (canonical === undefined) return undefined;
  if (canonical.includes(':')) return groupsToNumber(canonical);
  const value = canonical.split('.').reduce((sum, part) => sum * 256n + BigInt(part), 0n);
  return text.includes(':') ? MAPPED + value : value;
}

function groupsToNumber(canonical: string): bigint {
  const [head = '', tail] = canonical.split('::');
  const groupsOf = (side: string): string[] => (side === '' ? [] : side.split(':'));
  const before = groupsOf(head);
  const after = groupsOf(tail ?? '');
  const missing = Array.from({ length: 8 - before.length - after.length }, () => '0');
  return [...before, ...missing, ...after].reduce((sum, group) => sum * 65_536n + BigInt(`0x${group}`), 0n);
}

export function masked(address: bigint, bits: number, prefix: number): bigint {
  const host = BigInt(bits - prefix);
  return (address >> host) << host;
}

export function formatAddress(address: bigint, bits: number): string {
  if (bits === 32) return octets(address);
  const hex = address.toString(16).padStart(32, '0');
  const groups = hex.match(/.{4}/g) ?? [];
  return canonicalIp(groups.join(':')) ?? '';
}

function octets(address: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => String((address >> shift) & 0xffn)).join('.');
}

export function formatNetwork(network: Network): string {
  const prefix = isMapped(network) ? network.prefix - 96 : network.prefix;
  return `${formatAddress(network.address, network.bits)}/${prefix}`;
}
