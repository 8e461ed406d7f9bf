// Matches go.yaml.in/yaml/v4 internal/libyaml/scanner.go: `%YAML` and `%TAG`.
import { type Characters, codeOf, isBlank, isBlankOrEnd, isBreakOrEnd, isDigit, isWord } from './characters.ts';
import { type Mark, scannerFault } from './mark.ts';
import { scanTagHandle, scanTagUri } from './scan-tag.ts';
import { newToken, type Token } from './token.ts';

/** Digits of a number of a version. */
const maxNumberLength = 2;

export function scanDirective(chars: Characters): Token {
  const { mark } = chars;
  const fail = (problem: string): Error =>
    scannerFault(problem, chars.mark, { what: 'while scanning a directive', mark });
  chars.skip();
  const name = scanName(chars, fail);
  let token: Token;
  if (name === 'YAML') token = newToken('version-directive', mark, { value: scanVersion(chars, mark) });
  else if (name === 'TAG') token = newToken('tag-directive', mark, scanTagValue(chars, mark));
  else throw fail('found unknown directive name');
  skipBlanks(chars);
  if (chars.at(0) === codeOf('#')) {
    while (!isBreakOrEnd(chars.at(0))) {
      chars.skip();
      chars.need(1);
    }
  }
  if (!isBreakOrEnd(chars.at(0))) throw fail('did not find expected comment or line break');
  chars.need(2);
  chars.skipLine();
  return token;
}

function scanName(chars: Characters, fail: (problem: string) => Error): string {
  chars.need(1);
  let name = '';
  while (isWord(chars.at(0))) {
    name += chars.take();
    chars.need(1);
  }
  if (name === '') throw fail('could not find expected directive name');
  if (!isBlankOrEnd(chars.at(0))) throw fail('found unexpected non-alphabetical character');
  return name;
}

function scanVersion(chars: Characters, mark: Mark): string {
  const fail = (problem: string): Error =>
    scannerFault(problem, chars.mark, { what: 'while scanning a %YAML directive', mark });
  skipBlanks(chars);
  const major = scanNumber(chars, fail);
  if (chars.at(0) !== codeOf('.')) throw fail("did not find expected digit or '.' character");
  chars.skip();
  return `${major}.${scanNumber(chars, fail)}`;
}

function scanNumber(chars: Characters, fail: (problem: string) => Error): number {
  chars.need(1);
  let digits = '';
  while (isDigit(chars.at(0))) {
    if (digits.length === maxNumberLength) throw fail('found extremely long version number');
    digits += chars.take();
    chars.need(1);
  }
  if (digits === '') throw fail('did not find expected version number');
  return Number(digits);
}

function scanTagValue(chars: Characters, mark: Mark): { readonly value: string; readonly suffix: string } {
  const scan = { chars, mark, isDirective: true };
  const fail = (problem: string): Error =>
    scannerFault(problem, chars.mark, { what: 'while scanning a %TAG directive', mark });
  skipBlanks(chars);
  const value = scanTagHandle(scan);
  chars.need(1);
  if (!isBlank(chars.at(0))) throw fail('did not find expected whitespace');
  skipBlanks(chars);
  const suffix = scanTagUri(scan, { isVerbatim: true });
  chars.need(1);
  if (!isBlankOrEnd(chars.at(0))) throw fail('did not find expected whitespace or line break');
  return { value, suffix };
}

function skipBlanks(chars: Characters): void {
  chars.need(1);
  while (isBlank(chars.at(0))) {
    chars.skip();
    chars.need(1);
  }
}
