// Matches go.yaml.in/yaml/v4 internal/libyaml/scanner.go: anchors, aliases, tags.
import { type Characters, codeOf, hexValue, isBlankOrEnd, isWord } from './characters.ts';
import { utf8Width } from './decode-characters.ts';
import { type Mark, scannerFault } from './mark.ts';
import { newToken, type Token } from './token.ts';

const anchorEnds = new Set(Array.from('?:,]}%@`', codeOf));
const flowIndicators = new Set(Array.from('[]{},', codeOf));
const uriCharacters = new Set(Array.from(";/?:@&=+$.!~*'()%", codeOf));
const percent = codeOf('%');
const exclamation = codeOf('!');

export function scanAnchor(chars: Characters, type: 'alias' | 'anchor'): Token {
  const { mark } = chars;
  chars.skip();
  chars.need(1);
  let value = '';
  while (isAnchorCharacter(chars.at(0))) {
    value += chars.take();
    chars.need(1);
  }
  const next = chars.at(0);
  if (value === '' || !(isBlankOrEnd(next) || anchorEnds.has(next))) {
    const what = `while scanning an ${type}`;
    throw scannerFault('did not find expected alphabetic or numeric character', chars.mark, { what, mark });
  }
  return newToken(type, mark, { value });
}

function isAnchorCharacter(code: number): boolean {
  return code > 0x20 && code < 0x7f && code !== codeOf(':') && !flowIndicators.has(code);
}

export function scanTag(chars: Characters): Token {
  const { mark } = chars;
  const scan: TagScan = { chars, mark, isDirective: false };
  const fail = (problem: string): Error => scannerFault(problem, chars.mark, { what: 'while scanning a tag', mark });
  chars.need(2);
  let [handle, suffix] = ['', ''];
  if (chars.at(1) === codeOf('<')) {
    chars.skipAll(2);
    suffix = scanTagUri(scan, { isVerbatim: true });
    if (chars.at(0) !== codeOf('>')) throw fail("did not find the expected '>'");
    chars.skip();
  } else {
    handle = scanTagHandle(scan);
    if (handle.length > 1 && handle.endsWith('!')) {
      suffix = scanTagUri(scan, { isVerbatim: false });
    } else {
      suffix = scanTagUri(scan, { isVerbatim: false, head: handle });
      handle = '!';
      if (suffix === '') [handle, suffix] = ['', '!'];
    }
  }
  chars.need(1);
  if (!isBlankOrEnd(chars.at(0))) throw fail('did not find expected whitespace or line break');
  return newToken('tag', mark, { value: handle, suffix });
}

/** A tag, or the directive that names a prefix, and where it begins. */
export interface TagScan {
  readonly chars: Characters;
  readonly mark: Mark;
  readonly isDirective: boolean;
}

function tagFault({ chars, mark, isDirective }: TagScan, problem: string): Error {
  const what = `while parsing a ${isDirective ? '%TAG directive' : 'tag'}`;
  return scannerFault(problem, chars.mark, { what, mark });
}

export function scanTagHandle(scan: TagScan): string {
  const { chars, isDirective } = scan;
  chars.need(1);
  if (chars.at(0) !== exclamation) throw tagFault(scan, "did not find expected '!'");
  let handle = chars.take();
  chars.need(1);
  while (isWord(chars.at(0))) {
    handle += chars.take();
    chars.need(1);
  }
  if (chars.at(0) === exclamation) handle += chars.take();
  else if (isDirective && handle !== '!') throw tagFault(scan, "did not find expected '!'");
  return handle;
}

export function scanTagUri(
  scan: TagScan,
  { isVerbatim, head = '' }: { readonly isVerbatim: boolean; readonly head?: string },
): string {
  const { chars } = scan;
  let hasTag = head !== '';
  let uri = head.slice(1);
  chars.need(1);
  while (isUriCharacter(chars.at(0), isVerbatim)) {
    uri += chars.at(0) === percent ? scanEscape(scan) : chars.take();
    chars.need(1);
    hasTag = true;
  }
  const next = chars.at(0);
  if (!isVerbatim && next > 0x20 && next < 0x7f) {
    throw tagFault(scan, `found character '${String.fromCodePoint(next)}' that is not allowed in a YAML tag`);
  }
  if (!hasTag) throw tagFault(scan, 'did not find expected tag URI');
  return uri;
}

function isUriCharacter(code: number, isVerbatim: boolean): boolean {
  return isWord(code) || uriCharacters.has(code) || (isVerbatim && flowIndicators.has(code));
}

/** One character, byte for byte written as `%XX`. */
function scanEscape(scan: TagScan): string {
  const { chars } = scan;
  const octets: number[] = [];
  let missing = 1;
  while (missing > 0) {
    chars.need(3);
    const [high, low] = [hexValue(chars.at(1)), hexValue(chars.at(2))];
    if (chars.at(0) !== percent || high === undefined || low === undefined)
      throw tagFault(scan, 'did not find URI escaped octet');
    const octet = (high << 4) + low;
    if (octets.length === 0) {
      missing = utf8Width(octet);
      if (missing === 0) throw tagFault(scan, 'found an incorrect leading UTF-8 octet');
    } else if ((octet & 0xc0) !== 0x80) {
      throw tagFault(scan, 'found an incorrect trailing UTF-8 octet');
    }
    octets.push(octet);
    chars.skipAll(3);
    missing--;
  }
  return Buffer.from(octets).toString();
}
