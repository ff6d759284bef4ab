import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';

/**
 * Carries connections on a loopback port to an address. Silent, it takes connections and bytes and gives
 * nothing back, as a host does whose process hangs: the hardest kind of dead, no error ends the wait.
 */
export class TcpRelay {
  private readonly sockets = new Set<Socket>();
  private silent = false;

  private constructor(private readonly server: Server, readonly port: number) {}

  /** @throws Error when no port can be had */
  static async open(target: { host: string; port: number }): Promise<TcpRelay> {
    const server = createServer();
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, '127.0.0.1', resolve);
    });
    const relay = new TcpRelay(server, (server.address() as AddressInfo).port);
    server.on('connection', near => relay.carry(near, connect(target)));
    return relay;
  }

  setSilent(silent: boolean): void {
    this.silent = silent;
    for (const socket of this.sockets) {
      if (silent) socket.pause();
      else socket.resume();
    }
  }

  async close(): Promise<void> {
    const closed = new Promise<void>(resolve => {
      this.server.close(() => resolve());
    });
    this.sockets.forEach(socket => socket.destroy());
    await closed;
  }

  private carry(near: Socket, far: Socket): void {
    const pair = [near, far];
    pair.forEach((socket, index) => {
      const other = pair[1 - index];
      this.sockets.add(socket);
      socket.on('data', bytes => other.write(bytes));
      socket.on('end', () => other.end());
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        this.sockets.delete(socket);
        other.destroy();
      });
      if (this.silent) socket.pause();
    });
  }
}
