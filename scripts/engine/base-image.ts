import { createReadStream } from 'node:fs';
import { request } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { busyboxRootfs } from './bundles.ts';

/** Makes an image with busybox and /bin/sh in the engine behind a unix socket, without a registry. */
export async function importBaseImage(socketPath: string, name: string): Promise<void> {
  const { tar } = await busyboxRootfs();
  const query = new URLSearchParams({ fromSrc: '-', repo: name, tag: 'latest' });
  for (const change of ['ENV PATH=/bin:/usr/bin', 'CMD ["/bin/sh"]']) query.append('changes', change);
  const call = request({ socketPath, method: 'POST', path: `/images/create?${query.toString()}` });
  const answered = new Promise<string>((resolve, reject) => {
    call.on('error', reject).on('response', async (response) => {
      const text = (await response.setEncoding('utf8').toArray()).join('');
      // an error may come inside the progress, after the status
      if (response.statusCode === 200 && !text.includes('"error"')) resolve(text);
      else reject(new Error(`cannot import ${name}: HTTP ${response.statusCode} ${text}`));
    });
  });
  await Promise.all([pipeline(createReadStream(tar), call), answered]);
}
