import assert from 'node:assert/strict';
import { stripVTControlCharacters } from 'node:util';
import { it } from 'node:test';
import { readColors } from '../../../../src/progress/tty/colors.ts';

function warningsOf(text: string, env: Readonly<Record<string, string>> = {}): readonly string[] {
  const lines: string[] = [];
  readColors({ BUILDKIT_COLORS: text, ...env }, (line) => lines.push(stripVTControlCharacters(line)));
  return lines;
}

it('warns of each entry that makes no sense, in the words of buildx', () => {
  const twoFields = 'error="valid entry must have exactly two fields"';
  const threeFields = 'error="valid RGB color must have three fields"';
  const unknown = 'error="colors must be a name from the pre-defined list or a valid 3-part RGB value"';
  const notRgb = 'A field in BUILDKIT_COLORS appears to contain an RGB value that is not';
  const fallback = 'WARN[0000] could not parse BUILDKIT_COLORS. Falling back to defaults.';
  const cases: readonly [text: string, ...warnings: readonly string[]][] = [
    ['run=green:CANCEL=Light-Red:error=0,0,255:warning=default'],
    ['run=pink', `WARN[0000] Unknown color value found in BUILDKIT_COLORS: run=pink  ${unknown}\n`],
    ['a', `WARN[0000] Could not parse BUILDKIT_COLORS component: a  ${twoFields}\n`],
    ['run=a=b', `WARN[0000] Could not parse BUILDKIT_COLORS component: run=a=b  ${twoFields}\n`],
    ['run=red:', `WARN[0000] Could not parse BUILDKIT_COLORS component:    ${twoFields}\n`],
    [
      'Walk=green',
      'WARN[0000] Unknown key found in BUILDKIT_COLORS (expected: run, cancel, error, or warning): walk \n',
    ],
    ['run=1,2', `WARN[0000] Could not parse value 1,2 as valid RGB color. Ignoring.  ${threeFields}\n`],
    ['run=1,2,300', `WARN[0000] ${notRgb} within the valid range of 0-255: 1,2,300 \n`],
    ['run=x,1,2', `WARN[0000] ${notRgb} an integer: x,1,2 \n`],
    ['', `${fallback}  error=EOF\n`],
    ['"run', `${fallback}  error="parse error on line 1, column 2: extraneous or missing \\" in quoted-field"\n`],
  ];
  for (const [text, ...warnings] of cases) assert.deepEqual(warningsOf(text), warnings, text);
  assert.deepEqual(warningsOf('nonsense', { NO_COLOR: '1' }), []);
});

it('takes the last of several, and keeps the rest when one is wrong', () => {
  const { run, error } = readColors({ BUILDKIT_COLORS: 'run=red:run=green:run=pink:"error=255,0,86"' });
  assert.equal(run('x'), '\u001b[32mx\u001b[39m');
  assert.equal(error('x'), '\u001b[38;5;198mx\u001b[39m');
});
