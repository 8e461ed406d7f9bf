import { type Attachable, unaryMethod } from '../method.ts';

/** HealthCheckResponse with the status SERVING. */
const SERVING = Uint8Array.of(0x08, 0x01);

/** The health check: a daemon that gets no answer to it twice in a row gives the session up. */
export const healthAttachable: Attachable = {
  methods: [
    unaryMethod('/grpc.health.v1.Health/Check', () => SERVING),
    {
      path: '/grpc.health.v1.Health/Watch',
      async handle(call) {
        await call.send(SERVING);
        const { promise, resolve } = Promise.withResolvers<void>();
        if (call.signal.aborted) resolve();
        call.signal.addEventListener('abort', () => resolve(), { once: true });
        await promise;
      },
    },
  ],
};
