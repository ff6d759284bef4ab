import { createServer } from 'node:net';

/** Ports that nobody listens on now. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(0, '127.0.0.1', resolve);
      });
      return server;
    }),
  );
  return Promise.all(
    servers.map(server => {
      const address = server.address();
      return new Promise<number>(resolve => {
        server.close(() =>
          resolve(address && typeof address === 'object' ? address.port : 0),
        );
      });
    }),
  );
}
