// A page that is whole in itself and asks the network for nothing, and whose policy forbids that it could.
import { createHash } from 'node:crypto';
import { pageScript, pageStyle } from './generated.js';
import { Html, html } from './html.ts';

export interface PageParts {
  readonly title: string;
  /** Stands before the headline in small letters. */
  readonly kind: string;
  readonly header: Html;
  readonly body: Html;
  /** Under the page, for who wants to know where it comes from. */
  readonly footer: string;
}

/** What browsers are told about a page: nothing but its own style and script. */
export const PAGE_POLICY: string = [
  "default-src 'none'",
  `style-src '${hashOf(pageStyle)}'`,
  'img-src data:',
  `script-src '${hashOf(pageScript)}'`,
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/** The whole text of a page. */
export function pageDocument({ title, kind, header, body, footer }: PageParts): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${PAGE_POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="tsbuildx">
<title>${title}</title>
<link rel="icon" href="data:,">
<style>${new Html(pageStyle)}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<header class="top">
<div class="bar"><span class="kind">${kind}</span>
<span class="tools" hidden><button type="button" id="theme" aria-label="Colours: as the system has them">◐</button
><button type="button" id="keys" aria-label="Keyboard shortcuts" aria-haspopup="dialog">?</button></span></div>
${header}
</header>
<main id="main" tabindex="-1">
${body}
</main>
<footer>${footer}</footer>
${help}
<script>${new Html(pageScript)}</script>
</body>
</html>
`.text;
}

const shortcuts: readonly (readonly [keys: string, does: string])[] = [
  ['/', 'search'],
  ['↑ ↓', 'move between rows'],
  ['→ ←', 'open and close a row, or a branch'],
  ['Enter', 'details of a row'],
  ['Home End', 'first and last row'],
  ['+ − 0', 'zoom in, out, all'],
  ['t', 'light, dark, as the system'],
  ['Esc', 'leave the search'],
  ['?', 'this list'],
];

const help = html`<dialog id="help" aria-labelledby="help-title"><h2 id="help-title">Keyboard</h2>
<dl>${shortcuts.map(
  ([keys, does]) => html`<div><dt>${keys.split(' ').map((key) => html`<kbd>${key}</kbd> `)}</dt><dd>${does}</dd></div>`,
)}</dl>
<form method="dialog"><button>Close</button></form></dialog>`;

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
