import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** Stands before a TCP server; may cut what goes through it, as a network does. */
export class CuttableProxy {
  static async start(target: {
    host: string;
    port: number;
  }): Promise<CuttableProxy> {
    const proxy = new CuttableProxy(target);
    await new Promise<void>(resolve => {
      proxy.server.listen(0, '127.0.0.1', resolve);
    });
    return proxy;
  }

  /** Told of each piece that a client sends, before it goes on. */
  onPiece: () => void = () => undefined;
  private isCut = false;
  private readonly sockets = new Set<Socket>();
  private readonly server = createServer(socket => this.pass(socket));

  private constructor(
    private readonly target: { host: string; port: number },
  ) {}

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Resets every connection, and each new one until it is mended. */
  cut(): void {
    this.isCut = true;
    this.reset();
  }

  mend(): void {
    this.isCut = false;
  }

  stop(): Promise<void> {
    this.reset();
    return new Promise(resolve => {
      this.server.close(() => resolve());
    });
  }

  private reset(): void {
    for (const socket of this.sockets) socket.resetAndDestroy();
    this.sockets.clear();
  }

  private pass(client: Socket): void {
    if (this.isCut) {
      client.resetAndDestroy();
      return;
    }
    const server = connect(this.target);
    for (const [one, other] of [
      [client, server],
      [server, client],
    ]) {
      this.sockets.add(one);
      one.on('error', () => undefined);
      one.on('close', () => {
        this.sockets.delete(one);
        other.destroy();
      });
    }
    client.on('data', piece => {
      this.onPiece();
      if (!server.destroyed) server.write(piece);
    });
    server.on('data', piece => {
      if (!client.destroyed) client.write(piece);
    });
  }
}
