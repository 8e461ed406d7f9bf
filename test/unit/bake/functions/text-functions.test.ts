import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bakeCall, checkBakeCalls } from '../../../support/bake-function.ts';

test('texts', () => {
  checkBakeCalls(String.raw`
    chomp("a\r\n\r\n") => "a"
    indent(2, "a\nb") => "a\n  b"
    indent(-1, "a\nb") => error: the number of spaces must not be negative
    join(",", ["a", 1], ["b"]) => "a,1,b"
    join(",", ["a", null]) => argument 1: element 1 is null; cannot concatenate null values
    lower("ÀÉ") => "àé"
    replace("abc", "", "-") => "-a-b-c-"
    sort(["B", "a", "é", "_", "Z"]) => ["B","Z","_","a","é"]
    split("", "aé😀") => ["a","é","😀"]
    split(",", "") => [""]
    title("it's o'neil a-b_c") => "It'S O'Neil A-B_c"
    title("ǆ x") => "ǅ X"
    trim("?!hello?!", "!?") => "hello"
    trimprefix("helloworld", "hello") => "world"
    trimspace("\u0085 a\u00a0") => "a"
    trimsuffix("helloworld", "world") => "hello"
    upper("ß") => "ß"
    sanitize("a.b/c é😀") => "a_b_c___"
    basename("/a/b/c.txt") => "c.txt"
    dirname("/a/b/c.txt") => "/a/b"
    homedir() => "/home/me"
  `);
});

test('characters are what a reader sees as such', () => {
  checkBakeCalls(String.raw`
    strlen("e\u0301") => 1
    strlen("\r\n") => 1
    strlen("👨‍👩‍👧‍👦") => 1
    strlen("क्षि") => 2
    strlen("น้ำ") => 1
    reverse("e\u0301x") => "xé"
    substr("hello", -3, -1) => "llo"
    substr("hello", 1, 4) => "ello"
    substr("hello", 0, 0) => ""
    substr("hello", 9, 1) => ""
  `);
});

test('a text that would fill the memory is refused', () => {
  const long = JSON.stringify('a'.repeat(10_000));
  assert.match(bakeCall('replace', `${long}, "a", ${long}`), /^error: the result would have more than \d+ characters$/);
  assert.match(bakeCall('indent', '1e12, "a\\nb"'), /^error: the result would have more than/);
  assert.match(bakeCall('format', '"%1000000000d", 1'), /^error: the result would have more than/);
  assert.match(bakeCall('regex_replace', `${long}, "a", ${long}`), /^error: the result would have more than/);
});
