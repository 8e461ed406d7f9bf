// Matches go.yaml.in/yaml/v4 internal/libyaml/scanner.go: how far it passes over comments. It looks at the lines that
// follow one in its own way, so that a comment behind tabs is one there and none elsewhere.
import { type Characters, codeOf, isBlank, isBreakOrEnd, isLineBreak } from './characters.ts';

/** Characters that it looks ahead. */
const lookAhead = 512;

const numberSign = codeOf('#');

/** A comment behind a token, on its line. */
export function skipLineComment(chars: Characters): void {
  if (chars.newlines > 0) return;
  let distance = 0;
  while (distance < lookAhead && hasCharacter(chars, distance) && isBlank(chars.at(distance))) distance++;
  if (distance < lookAhead && chars.at(distance) === numberSign) skipTo(chars, distance);
}

/** Comments on lines of their own, to the end of the last. */
export function skipComments(chars: Characters): void {
  let distance = 0;
  while (distance < lookAhead && hasCharacter(chars, distance)) {
    const code = chars.at(distance);
    if (code === numberSign) {
      skipTo(chars, distance);
      // what ends the line is passed over, a byte of it
      if (chars.at(0) > 0x7f) return;
      distance = 0;
    } else if (code > 0x7f || !(isBlank(code) || isLineBreak(code))) return;
    distance++;
  }
}

/** To the end of the line on which the comment stands that begins so far away. */
function skipTo(chars: Characters, distance: number): void {
  const begin = chars.position + distance;
  for (;;) {
    chars.need(1);
    if (!isBreakOrEnd(chars.at(0))) chars.skip();
    else if (chars.position >= begin) return;
    else {
      chars.need(2);
      chars.skipLine();
    }
  }
}

/** Bytes that are no characters are told when they are come to. */
function hasCharacter(chars: Characters, distance: number): boolean {
  try {
    chars.need(distance + 1);
    return true;
  } catch {
    return false;
  }
}
