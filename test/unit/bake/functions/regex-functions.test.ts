import { test } from 'node:test';
import { checkBakeCalls } from '../../../support/bake-function.ts';

test('patterns', () => {
  checkBakeCalls(
    String.raw`
    regex("[a-z]+", "53453453.345345aaabbbccc23454") => "aaabbbccc"
    regex("(\\d+)-(\\d+)", "2019-02") => ["2019","02"]
    regex("(?P<y>\\d+)-(?P<m>\\d+)?", "2019-") => {"m":null,"y":"2019"}
    regex("z", "abc") => error: pattern did not match any part of the given string
    regex("(?P<n>a)(b)", "ab") => argument 0: invalid regexp pattern: cannot mix both named and unnamed capture groups
    regex("a{1001}", "a") => argument 0: invalid regexp pattern: invalid repeat count in {1001}
    regex("(?P<a>x)|[(?P<a>]|(?P<a>y)", "y") => {"a":"y"}
    regex_replace("xy", "(?P<a>x)(?P<a>y)", "$a$2") => "xy"
    regex("(?P<a>x)(?P<a>y)(", "y") => argument 0: invalid regexp pattern: missing closing ) in (?P<a>x)(?P<a_1>y)(
    regexall("[a-z]+", "1234abcd5678efgh9") => ["abcd","efgh"]
    regexall("a|", "ba") => ["","a"]
    regexall("x*", "axb") => ["","x",""]
    regexall("", "a😀") => ["","",""]
    regexall("(", "") => argument 0: invalid regexp pattern: missing closing ) in (
    regex_replace("abc123", "([a-z]+)([0-9]+)", "$2-$1") => "123-abc"
    regex_replace("abc", "(?P<x>b)", "<$x>") => "a<b>c" 
    regex_replace("abc", "b", "$$1") => "a$1c"
    regex_replace("abc", "(b)", "\${1}z$1z") => "abzc"
    regex_replace("baaac", "a*", "-") => "-b-c-"
    regex_replace("abc", "(?=b)", "") => error: error parsing regexp: invalid or unsupported Perl syntax: ${'`(?=`'}
  `
      .replaceAll('\\${', '${')
      .replace('"a<b>c" ', '"a\\u003cb\\u003ec"'),
  );
});
