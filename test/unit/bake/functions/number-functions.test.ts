import { test } from 'node:test';
import { checkBakeCalls } from '../../../support/bake-function.ts';

test('arithmetic', () => {
  checkBakeCalls(`
    absolute(-0.5) => 0.5
    add("1", 0.2) => 1.2
    ceil(-1.2) => -1
    ceil(1e30) => 1000000000000000000000000000000
    floor(-1.2) => -2
    int(-0.5) => 0
    modulo(-5, 3) => -2
    modulo(5, 0) => 5
    modulo(5, "Inf") => error: can't use modulo with zero and infinity
    negate(0) => -0
    max(1, "20", 3) => 20
    min() => error: must pass at least one number
    signum(-3) => -1
    signum(0.5) => error: value must be a whole number, between -9223372036854775808 and 9223372036854775807
    log(8, 2) => 3
    log(-1, 2) => error: the result is not a number
    pow(2, -1) => 0.5
    divide(1, 0) => error: cannot serialize infinity as JSON
    greaterthan(2, 1) => true
    lessthanorequalto(2, 1) => false
    add(null, 1) => argument 0: argument must not be null
  `);
});

test('numbers of a base', () => {
  checkBakeCalls(`
    parseint("-FF", 16) => -255
    parseint("aA", 62) => 656
    parseint("99999999999999999999999999", 10) => 99999999999999999999999999
    parseint("12", 2) => argument 0: cannot parse "12" as a base 2 integer
    parseint("10", 1) => argument 1: base must be a whole number between 2 and 62 inclusive
    parseint(12, 10) => argument 0: first argument must be a string, not number
  `);
});

test('logic', () => {
  checkBakeCalls(`
    and(true, "false") => false
    or(false, true) => true
    not(false) => true
    equal("1", 1) => false
    notequal([1], [1]) => false
    equal(null, null) => true
    equal({"a": null}, {"a": null}) => true
    equal([null], [1]) => false
    coalesce(null, "a", 1) => "a"
    coalesce(null, null) => error: no non-null arguments
    byteslen(null) => argument 0: argument must not be null
    byteslen("abc") => error: bytes required, but have string
  `);
});
