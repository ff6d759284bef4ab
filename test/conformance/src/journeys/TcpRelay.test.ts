import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { TcpRelay } from './TcpRelay';

describe('TcpRelay', () => {
  it('carries, falls silent for open and new connections, and carries again', async () => {
    const server = createServer((_, response) => response.end('here'));
    await new Promise<void>(resolve => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const { port } = server.address() as AddressInfo;
    const relay = await TcpRelay.open({ host: '127.0.0.1', port });
    const ask = async () => {
      const response = await fetch(`http://127.0.0.1:${relay.port}/`, {
        signal: AbortSignal.timeout(300),
      });
      return response.text();
    };
    try {
      expect(await ask()).toBe('here');
      relay.setSilent(true);
      await expect(ask()).rejects.toThrow(/timeout/);
      await expect(ask()).rejects.toThrow(/timeout/);
      relay.setSilent(false);
      expect(await ask()).toBe('here');
    } finally {
      await relay.close();
      server.close();
      server.closeAllConnections();
    }
  });
});
