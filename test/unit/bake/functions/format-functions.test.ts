import { test } from 'node:test';
import { checkBakeCalls } from '../../../support/bake-function.ts';

test('verbs', () => {
  checkBakeCalls(String.raw`
    format("%5d|%-5d|%05d|%+d|% d", 1, 2, 3, 4, 5) => "    1|2    |00003|+4| 5"
    format("%b %o %x %X %#x %.5d", 5, 8, 255, 255, 255, 42) => "101 10 ff FF 0xff 00042"
    format("%6.3f|%-8.2f|%08.2f|%+.1f", 3.14159, 2.5, -2.5, 1) => " 3.142|2.50    |-0002.50|+1.0"
    format("%e %E %g %G", 12345.678, 12, 1e21, 1e-10) => "1.234568e+04 1.200000E+01 1e+21 1E-10"
    format("%s %q %v %#v", 1.5, "a\n", [1, "b"], "a") => "1.5 \"a\\n\" [1,\"b\"] \"a\""
    format("%.2s|%5s|%-5s|%05s", "héllo", "é", "é", "é") => "hé|    é|é    |0000é"
    format("%t %v %%", "true", null) => "true null %"
    format("%[2]s %[1]s", "a", "b") => "b a"
  `);
});

test('what cannot be formatted', () => {
  checkBakeCalls(String.raw`
    format("%d", 1.5) => error: unsupported value for "%d" at 0: an integer is required
    format("é%s", [1]) => error: unsupported value for "%s" at 2: string required, but have tuple
    format("%s", null) => error: unsupported value for "%s" at 0: null value cannot be formatted
    format("%s", "a", "b") => argument 2: too many arguments; only 1 used by format string
    format("x", "a") => argument 1: too many arguments; no verbs in format string
    format("%[3]s", "a") => error: not enough arguments for "%[3]s" at 0: need index 3 but have 1 total
    format("%k", "a") => error: unsupported format verb 'k' in "%k" at offset 0
    format("%") => error: invalid format string starting at offset 1
    format("%5!", 1) => error: unrecognized format character '!' at offset 2
    format("%[0]d", 1) => error: unrecognized format character '0' at offset 2
  `);
});

test('lists of texts', () => {
  checkBakeCalls(`
    formatlist("%s%d", ["a", "b"], [1, 2]) => ["a1","b2"]
    formatlist("%s-%s", ["a", "b"], "x") => ["a-x","b-x"]
    formatlist("%s", []) => []
    formatlist("x") => ["x"]
    formatlist("%s %s", ["a", "b"], ["c"]) => argument 2: argument 2 has length 1, which is inconsistent with argument 1 of length 2
    formatlist("%d", ["x"]) => error: error on format iteration 0: unsupported value for "%d" at 0: a number is required
  `);
});
