// The Huffman code of HPACK (RFC 7541, appendix B). It is canonical: the lengths alone determine it.
import { ConnectionError, ErrorCode } from './frames.ts';

/** Code length of each byte and of the end marker, as a letter: A is 5 bits. */
const LENGTHS =
  'ISXXXXXXXTZXXZXXXXXXXXZXXXXXXXXXBFFHIBDGFFDGDBBBAAABBBBBBBCDKBHFIBCCCCCCCCCCCCCCCCCCCCCCDCDIOIJBKABA' +
  'BABBBACCBBBABCBAABCCCCCKGJIXPRPPRRRSRSSSSSTSTTRSTSSSSQRSRSSTRQPRRSSQSRRTQRSSQQRQSRSSPRRRSRRSVVPORSRU' +
  'VVVWWVTUOQVWWVWTQQVVXWWWPTPQRQQSRRUUTTVSVWVVWWWWWXWWWWWVZ';
const END = 256;

/** Two children a node: a node's index when positive, else the symbol, negated and less one. */
const tree: Int16Array = buildTree();

function buildTree(): Int16Array {
  const symbols = Array.from(LENGTHS, (letter, symbol) => ({ symbol, length: letter.charCodeAt(0) - 60 }));
  symbols.sort((a, b) => a.length - b.length || a.symbol - b.symbol);
  const nodes = new Int16Array(2 * symbols.length);
  let used = 1;
  let code = 0;
  let length = symbols[0]?.length ?? 0;
  for (const { symbol, length: bits } of symbols) {
    code *= 2 ** (bits - length);
    length = bits;
    let node = 0;
    for (let bit = bits - 1; bit > 0; bit--) {
      const slot = 2 * node + ((code >>> bit) & 1);
      if (nodes[slot] === 0) nodes[slot] = used++;
      node = nodes[slot] ?? 0;
    }
    nodes[2 * node + (code & 1)] = -symbol - 1;
    code++;
  }
  return nodes;
}

/** Decodes a string, one character a byte. Errors: ConnectionError. */
export function decodeHuffman(bytes: Uint8Array): string {
  // The shortest code has 5 bits.
  const out = Buffer.allocUnsafe(Math.ceil((bytes.length * 8) / 5));
  let size = 0;
  let node = 0;
  let depth = 0;
  let onlyOnes = true;
  for (const byte of bytes) {
    for (let bit = 7; bit >= 0; bit--) {
      const value = (byte >>> bit) & 1;
      const next = tree[2 * node + value] ?? 0;
      if (next > 0) {
        node = next;
        depth++;
        onlyOnes &&= value === 1;
        continue;
      }
      if (next === -END - 1) throw malformed();
      out[size++] = -next - 1;
      node = 0;
      depth = 0;
      onlyOnes = true;
    }
  }
  // What is left over is padding: the beginning of the end marker, shorter than a byte.
  if (depth > 7 || !onlyOnes) throw malformed();
  return out.toString('latin1', 0, size);
}

function malformed(): ConnectionError {
  return new ConnectionError(ErrorCode.COMPRESSION_ERROR, 'malformed Huffman code in a header');
}
