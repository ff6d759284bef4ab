import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BackendProcess } from './BackendProcess';
import {
  BenchComponent,
  componentsOf,
  createWorldFiles,
  VIEWER,
} from './createWorldFiles';
import { freePorts } from './freePorts';
import { PortalClient } from './PortalClient';
import { SandboxProcess } from './SandboxProcess';
import { benchScenario } from './scenario';
import { waitUntil } from './waitUntil';

const FILLED_WITHIN_MS = 600_000;
const READ_WITHIN_MS = 60_000;

/** A sandbox, a catalog that describes it, and backends over both. */
export class BenchWorld {
  static async create(size: {
    services: number;
    podsPerService: number;
  }): Promise<BenchWorld> {
    const scenario = benchScenario(size);
    const sandbox = await SandboxProcess.start(size);
    // Only now: the sandbox chose a port too.
    const [port, probePort] = await freePorts(2);
    const folder = mkdtempSync(join(tmpdir(), 'istio-bench-'));
    const config = createWorldFiles({
      folder,
      scenario,
      sandboxUrl: sandbox.url,
      port,
    });
    const world = new BenchWorld(
      { folder, config, port, probePort },
      sandbox,
      componentsOf(scenario),
    );
    process.once('exit', () => world.close());
    return world;
  }

  private constructor(
    private readonly files: {
      folder: string;
      config: string;
      port: number;
      probePort: number;
    },
    readonly sandbox: SandboxProcess,
    readonly components: readonly BenchComponent[],
  ) {}

  /** Starts the backend, lets `work` use it, and ends it whatever happens. */
  async withBackend<T>(
    options: { withPlugin: boolean },
    work: (backend: BackendProcess) => Promise<T>,
  ): Promise<T> {
    const { folder, config, port, probePort } = this.files;
    const name = options.withPlugin ? 'backend' : 'backend-without-plugin';
    const backend = await BackendProcess.start({
      ...options,
      config,
      port,
      probePort,
      log: join(folder, `${name}.log`),
    });
    try {
      return await work(backend);
    } finally {
      await backend.stop();
    }
  }

  /** Lets a backend without the plugin read the catalog into the database: later starts find it there. */
  async fillCatalog(): Promise<void> {
    await this.withBackend({ withPlugin: false }, async backend => {
      let portal: PortalClient | undefined;
      await waitUntil(
        async () => {
          portal ??= await PortalClient.signIn(backend.address, VIEWER).catch(
            () => undefined,
          );
          if (!portal) return false;
          const { totalItems } = await portal.getJson<{ totalItems: number }>(
            '/api/catalog/entities/by-query?filter=kind=component&limit=0',
          );
          return totalItems >= this.components.length;
        },
        {
          what: () => `${this.components.length} components in the catalog`,
          withinMs: FILLED_WITHIN_MS,
          everyMs: 1_000,
        },
      );
      portal?.close();
    });
  }

  /** Resolves when the cluster was read for the first time. No metrics are asked for. */
  async clusterRead(portal: PortalClient): Promise<void> {
    await waitUntil(
      async () => {
        const { items } = await portal.getJson<{ items: { state: string }[] }>(
          '/api/istio/v1/clusters',
        );
        return items.every(({ state }) => state === 'fresh');
      },
      { what: () => 'the cluster to be read', withinMs: READ_WITHIN_MS },
    );
  }

  close(): void {
    this.sandbox.stop();
    rmSync(this.files.folder, { recursive: true, force: true });
  }
}
