import type { Renderer } from './renderer.ts';

/** Shows nothing. */
export class QuietRenderer implements Renderer {
  update(): string {
    return '';
  }

  refresh(): string {
    return '';
  }

  end(): string {
    return '';
  }
}
