import assert from 'node:assert/strict';
import { test } from 'node:test';
import { escapeHtml, html } from '../../../../src/history/page/html.ts';

test('texts are escaped, markup is not, nothing is nothing', () => {
  const inner = html`<b>${'<&>"\''}</b>`;
  assert.equal(inner.text, '<b>&lt;&amp;&gt;&quot;&#39;</b>');
  assert.equal(html`${inner}${[inner, 'x<', 1]}${undefined}${false}`.text, `${inner.text}${inner.text}x&lt;1`);
});

test('what no page can have becomes a sign that something was there', () => {
  assert.equal(escapeHtml('a\0b\u001bc\ud800d\te\n'), 'a\ufffdb\ufffdc\ufffdd\te\n');
});
