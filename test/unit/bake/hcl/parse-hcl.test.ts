import assert from 'node:assert/strict';
import { test } from 'node:test';
import { diagnosticText, parseHcl } from '../../../../src/bake/hcl/index.ts';

/** A source, and what is wrong with it. */
const faults: readonly (readonly [source: string, ...texts: string[]])[] = [
  ['a = 1 b = 2\n', 'f:1,7-8: Missing newline after argument; An argument definition must end with a newline.'],
  [
    'a = 1,\n',
    'f:1,6-7: Unexpected comma after argument; Argument definitions must be separated by newlines, not commas. An argument definition must end with a newline.',
  ],
  [
    'a = 1\na = 2\n',
    'f:2,1-2: Attribute redefined; The argument "a" was already set at f:1,1-2. Each argument may be set only once.',
  ],
  ['"a" = 1\n', 'f:1,1-2: Invalid argument name; Argument names must not be quoted.'],
  [
    'a\n',
    'f:1,1-2: Argument or block definition required; An argument or block definition is required here. To set an argument, use the equals sign "=" to introduce the argument value.',
  ],
  ['= 1\n', 'f:1,1-2: Argument or block definition required; An argument or block definition is required here.'],
  [
    'a {\n',
    'f:1,3-4: Unclosed configuration block; There is no closing brace for this block before the end of the file. This may be caused by incorrect brace nesting elsewhere in this file.',
  ],
  [
    'a { b = 1, c = 2 }\n',
    'f:1,10-11: Invalid single-argument block definition; Single-line block syntax can include only one argument definition. To define multiple arguments, use the multi-line block syntax with one argument definition per line.',
  ],
  [
    'a { b = 1\n}\n',
    "f:1,10-2,1: Invalid single-argument block definition; An argument definition on the same line as its containing block creates a single-line block definition, which must also be closed on the same line. Place the block's closing brace immediately after the argument definition.",
  ],
  [
    'a { b {} }\n',
    'f:1,5-8: Argument definition required; A single-line block definition can contain only a single argument. If you meant to define argument "b", use an equals sign to assign it a value. To define a nested block, place it on a line of its own within its parent block.',
  ],
  [
    'a "b"\n{\n}\n',
    'f:1,6-2,1: Invalid block definition; A block definition must have block content delimited by "{" and "}", starting on the same line as the block header.',
  ],
  [
    'a "b" = {}\n',
    'f:1,7-8: Invalid block definition; The equals sign "=" indicates an argument definition, and must not be used when defining a block.',
  ],
  [
    'a "${b}" {\n}\n',
    'f:1,4-6: Invalid string literal; Template sequences are not allowed in this string. To include a literal "$", double it (as "$$") to escape it.',
  ],
  ['a {\n} b {\n}\n', 'f:2,3-4: Missing newline after block definition; A block definition must end with a newline.'],
  [
    'a = \n',
    'f:1,5-2,1: Invalid expression; Expected the start of an expression, but found an invalid expression token.',
  ],
  ['a = [1 2]\n', 'f:1,8-9: Missing item separator; Expected a comma to mark the beginning of the next item.'],
  ['a = [1,\n', 'f:2,1-1: Missing expression; Expected the start of an expression, but found the end of the file.'],
  [
    'a = [1\n',
    'f:1,5-6: Unterminated tuple constructor expression; There is no corresponding closing bracket before the end of the file. This may be caused by incorrect bracket nesting elsewhere in this file.',
  ],
  [
    'a = { b = 1 c = 2 }\n',
    'f:1,13-14: Missing attribute separator; Expected a newline or comma to mark the beginning of the next attribute.',
  ],
  [
    'a = { b\n}\n',
    'f:1,8-2,1: Missing attribute value; Expected an attribute value, introduced by an equals sign ("=").',
  ],
  [
    'a = { b c }\n',
    'f:1,9-10: Missing key/value separator; Expected an equals sign ("=") to mark the beginning of the attribute value. If you intended to given an attribute name containing periods or spaces, write the name in quotes to create a string literal.',
  ],
  ['a = (1\n', 'f:2,1-1: Unbalanced parentheses; Expected a closing parenthesis to terminate the expression.'],
  [
    'a = f(1 2)\n',
    'f:1,9-10: Missing argument separator; A comma is required to separate each function argument from the next.',
  ],
  [
    'a = f(1\n',
    'f:1,5-7: Unterminated function call; There is no closing parenthesis for this function call before the end of the file. This may be caused by incorrect parenthesis nesting elsewhere in this file.',
  ],
  [
    'a = f(1... 2)\n',
    'f:1,8-11: Missing closing parenthesis; An expanded function argument (with ...) must be immediately followed by closing parentheses.',
  ],
  [
    'a = f::(1)\n',
    'f:1,8-9: Missing function name; Function scope resolution symbol :: must be followed by a function name in this scope.',
  ],
  [
    'a = b ? 1\n',
    'f:1,10-2,1: Missing false expression in conditional; The conditional operator (...?...:...) requires a false expression, delimited by a colon.',
  ],
  ['a = b.\n', 'f:1,7-2,1: Invalid attribute name; An attribute name is required after a dot.'],
  ['a = b[1\n', 'f:2,1-1: Missing close bracket on index; The index operator must end with a closing bracket ("]").'],
  [
    'a = b[1 2, 3] + c\n',
    'f:1,13-14: Missing close bracket on index; The index operator must end with a closing bracket ("]").',
  ],
  [
    'a = b.1.2\n',
    'f:1,7-10: Invalid legacy index syntax; When using the legacy index syntax, chaining two indexes together is not permitted. Use the proper index syntax instead, like [1][2].',
  ],
  [
    'a = b.*.*\n',
    'f:1,9-10: Nested splat expression not allowed; A splat expression (*) cannot be used inside another attribute-only splat expression.',
  ],
  ['a = 1.2.3\n', 'f:1,5-10: Invalid number literal; Failed to recognize the value of this number literal.'],
  [
    'a = [for b c]\n',
    "f:1,12-13: Invalid 'for' expression; For expression requires the 'in' keyword after its name declarations.",
  ],
  [
    'a = [for k, v in b : k => v...]\n',
    "f:1,22-23: Invalid 'for' expression; Key expression is not valid when building a tuple.",
    "f:1,28-31: Invalid 'for' expression; Grouping ellipsis (...) cannot be used when building a tuple.",
  ],
  [
    'a = {for v in b : v}\n',
    "f:1,19-20: Invalid 'for' expression; Key expression is required when building an object.",
  ],
  [
    'a = "b\n',
    'f:1,7-2,1: Invalid multi-line string; Quoted strings may not be split over multiple lines. To produce a multi-line string, either use the \\n escape to represent a newline character or use the "heredoc" multi-line template syntax.',
    'f:1,7-2,1: Unterminated template string; No closing marker was found for the string.',
  ],
  [
    'a = "${b"\n',
    'f:1,10-2,1: Invalid multi-line string; Quoted strings may not be split over multiple lines. To produce a multi-line string, either use the \\n escape to represent a newline character or use the "heredoc" multi-line template syntax.',
    'f:1,6-8: Unclosed template interpolation sequence; There is no closing brace for this interpolation sequence before the end of the quoted template. This might be caused by incorrect nesting inside the given expression.',
  ],
  [
    'a = "${b:-c}"\n',
    'f:1,9-10: Extra characters after interpolation expression; Template interpolation doesn\'t expect a colon at this location. Did you intend this to be a literal sequence to be processed as part of another language? If so, you can escape it by starting with "$${" instead of just "${".',
  ],
  [
    'a = "\\q\\u12"\n',
    'f:1,6-8: Invalid escape sequence; The symbol "q" is not a valid escape sequence selector.',
    'f:1,8-12: Invalid escape sequence; The \\u escape sequence must be followed by four hexadecimal digits.',
  ],
  [
    'a = "%{ iff b }"\n',
    'f:1,9-12: Invalid template control keyword; "iff" is not a valid template control keyword. Did you mean "if"?',
  ],
  [
    'a = "%{ if b }x"\n',
    'f:1,16-17: Unexpected end of template; The if directive at f:1,6-15 is missing its corresponding endif directive.',
  ],
  [
    'a = "%{ endfor }"\n',
    'f:1,6-17: Unexpected endfor directive; The control directives within this template are unbalanced.',
  ],
  ['a = <<E\nb\n', 'f:3,1-1: Unterminated template string; No closing marker was found for the string.'],
  [
    'a = b & c\n',
    'f:1,7-8: Unsupported operator; Bitwise operators are not supported. Did you mean boolean AND ("&&")?',
    'f:1,7-8: Missing newline after argument; An argument definition must end with a newline.',
  ],
  [
    "a = 'b'\n",
    'f:1,5-6: Invalid character; Single quotes are not valid. Use double quotes (") to enclose strings.',
    'f:1,5-6: Invalid expression; Expected the start of an expression, but found an invalid expression token.',
  ],
  [
    'a = “b”\n',
    'f:1,5-6: Invalid character; "Curly quotes" are not valid here. These can sometimes be inadvertently introduced when sharing code via documents or discussion forums. It might help to replace the character with a "straight quote".',
    'f:1,7-8: Invalid character; "Curly quotes" are not valid here. These can sometimes be inadvertently introduced when sharing code via documents or discussion forums. It might help to replace the character with a "straight quote".',
    'f:1,5-6: Invalid expression; Expected the start of an expression, but found an invalid expression token.',
  ],
  [
    'a = 1\udc80\n',
    'f:1,6-7: Invalid character encoding; All input files must be UTF-8 encoded. Ensure that UTF-8 encoding is selected in your editor.',
    'f:1,6-7: Missing newline after argument; An argument definition must end with a newline.',
  ],
  ['a = "é👩‍👩‍👧" x\n', 'f:1,10-11: Missing newline after argument; An argument definition must end with a newline.'],
];

test('what is wrong with a file is told in the words of HCL', () => {
  for (const [source, ...texts] of faults) {
    const { diagnostics } = parseHcl(source, 'f');
    assert.deepEqual(diagnostics.map(diagnosticText), texts, source);
  }
});
