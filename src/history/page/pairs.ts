import { type Html, html } from './html.ts';

/** A name and a value of a list `<dl class="pairs">`. */
export function pairHtml(name: string, value: string | Html): Html {
  return html`<div><dt>${name}</dt><dd>${value}</dd></div>`;
}
