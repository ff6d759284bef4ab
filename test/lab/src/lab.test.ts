import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { LAB_FOLDER } from './build';
import { KubeError } from './kubernetes/KubeClient';
import { clientOf } from './kubernetes/kubeconfig';
import { namespacesOf } from './network/controlNetwork';
import { stateFolder } from './network/names';
import { isRunning } from './processes/procStat';
import { RecordedProcesses } from './processes/RecordedProcesses';
import { type Lab, startLab } from './startLab';
import { removeLab } from './tidyUp';
import { waitFor } from './waitFor';
import { whyNoLab } from './whyNoLab';

jest.setTimeout(300_000);

const reason = whyNoLab();
const NAME = `test-${process.pid}`;
const SECOND = `${NAME}-b`;

/** Whether a share of successes fits a chance, four standard deviations wide: wrong once in 16,000. */
const fits = (successes: number, trials: number, chance: number) =>
  Math.abs(successes - trials * chance) <=
  4 * Math.sqrt(trials * chance * (1 - chance));

interface Sample {
  metric: Record<string, string>;
  value: [number, string];
}

async function query(lab: Lab, promql: string): Promise<Sample[]> {
  const url = `${lab.prometheus}/api/v1/query?query=${encodeURIComponent(
    promql,
  )}`;
  const answer = (await (await fetch(url)).json()) as {
    data: { result: Sample[] };
  };
  return answer.data.result;
}

const hasSample = (lab: Lab, promql: string) =>
  waitFor(async () => (await query(lab, `${promql} > 0`))[0], {
    what: promql,
    timeoutSeconds: 60,
    every: 1_000,
  });

function launchLab(args: string[]) {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', join(LAB_FOLDER, 'src', 'main.ts'), ...args],
    {
      cwd: LAB_FOLDER,
      env: { ...process.env, NODE_OPTIONS: '' },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const chunks: string[] = [];
  const take = (chunk: Buffer) => chunks.push(chunk.toString());
  child.stdout.on('data', take);
  child.stderr.on('data', take);
  return { child, output: () => chunks.join('') };
}

async function runLab(args: string[]) {
  const { child, output } = launchLab(args);
  const code = await new Promise<number | null>(resolve => {
    child.on('close', resolve);
  });
  return { code, output: output() };
}

/** The recorded processes of a lab that is coming up, once they are there. */
const startedProcesses = (name: string, keys: string[]) =>
  waitFor(
    () => {
      const folder = join(stateFolder(name), 'processes');
      const recorded = new RecordedProcesses(folder);
      const ids = keys.map(key => recorded.read(key));
      const all = ids.filter(id => id !== undefined);
      return all.length === keys.length && all;
    },
    { what: `processes of ${name}`, timeoutSeconds: 60 },
  );

(reason ? describe.skip : describe)(
  `a lab${reason ? ` (skipped: ${reason})` : ''}`,
  () => {
    let lab: Lab;
    const said: string[] = [];

    beforeAll(async () => {
      lab = await startLab({ name: NAME, log: line => said.push(line) });
    });
    afterAll(async () => {
      await lab?.stop();
      for (const name of [NAME, SECOND]) {
        await removeLab(name, { keepState: false });
      }
    });

    it('says how far it is', () => {
      expect(said).toEqual(
        expect.arrayContaining([
          expect.stringMatching(/istiod is up/),
          expect.stringMatching(/the world "shop" is ready/),
        ]),
      );
    });

    it('splits 80 to 20 on real proxies', async () => {
      const { statuses, versions } = await lab.sendRequests({
        from: { namespace: 'storefront', workload: 'checkout' },
        url: 'http://reviews.catalog:9080/reviews',
        count: 1_000,
        concurrency: 8,
      });
      expect(statuses).toEqual({ 200: 1_000 });
      expect(versions.v1 + versions.v2).toBe(1_000);
      expect(fits(versions.v2, 1_000, 0.2)).toBe(true);
    });

    it('refuses plaintext where STRICT is in force, and there only', async () => {
      const ask = (workload: string, namespace: string, url: string) =>
        lab.sendRequests({ from: { namespace, workload }, url, count: 5 });
      const shipping = 'http://shipping.storefront:8080/quotes';
      expect(await ask('legacy-billing', 'legacy', shipping)).toEqual({
        statuses: { error: 5 },
        versions: {},
      });
      expect((await ask('checkout', 'storefront', shipping)).statuses).toEqual({
        200: 5,
      });
      const payments = 'http://payments.payments:8080/callbacks';
      expect(
        (await ask('legacy-billing', 'legacy', payments)).statuses,
      ).toEqual({ 200: 5 });
    });

    it('serves logs of containers through the API server', async () => {
      const client = clientOf(lab.kubeconfig);
      const { items } = await client.call<{
        items: { metadata: { name: string } }[];
      }>('/api/v1/namespaces/payments/pods?labelSelector=app=payments');
      const log = `/api/v1/namespaces/payments/pods/${items[0].metadata.name}/log`;
      expect(await client.call(`${log}?container=payments`)).toContain(
        'serves http on port 8080',
      );
      const lines = await waitFor(
        async () => {
          const text = await client.call<string>(
            `${log}?container=istio-proxy&tailLines=2`,
          );
          return text.includes('"authority"') && text.trim().split('\n');
        },
        { what: 'an access log', timeoutSeconds: 30 },
      );
      expect(lines).toHaveLength(2);
      await expect(
        client.call(`${log}?container=nobody`),
      ).rejects.toMatchObject({ status: 400 });
      client.close();
    });

    it('counts requests with the labels of Istio, plaintext callers by name', async () => {
      const { metric } = await hasSample(
        lab,
        'istio_requests_total{reporter="destination",source_workload="checkout",destination_service_name="cart"}',
      );
      expect(metric).toMatchObject({
        source_workload_namespace: 'storefront',
        source_principal: 'spiffe://cluster.local/ns/storefront/sa/checkout',
        destination_service: 'cart.storefront.svc.cluster.local',
        destination_workload: 'cart',
        destination_version: 'v1',
        connection_security_policy: 'mutual_tls',
        request_protocol: 'http',
        response_code: '200',
        response_flags: '-',
      });
      await hasSample(
        lab,
        'istio_requests_total{reporter="destination",source_workload="legacy-billing",destination_service_name="payments",connection_security_policy="none"}',
      );
      await hasSample(
        lab,
        'istio_request_duration_milliseconds_bucket{reporter="source",destination_service_name="reviews",le="+Inf"}',
      );
    });

    it('counts TCP connections and bytes on both sides', async () => {
      for (const [reporter, policy] of [
        ['source', 'unknown'],
        ['destination', 'mutual_tls'],
      ]) {
        const labels = `reporter="${reporter}",connection_security_policy="${policy}",source_workload="cart",destination_workload="cart-store",request_protocol="tcp"`;
        for (const name of [
          'connections_opened_total',
          'connections_closed_total',
          'sent_bytes_total',
          'received_bytes_total',
        ]) {
          await hasSample(lab, `istio_tcp_${name}{${labels}}`);
        }
      }
      expect(
        await query(
          lab,
          'istio_tcp_connections_opened_total{reporter="destination",connection_security_policy="none"}',
        ),
      ).toEqual([]);
    });

    it('keeps traces across services', async () => {
      const url = `${lab.tracing}/api/traces?service=storefront.storefront&limit=50`;
      const services = await waitFor(
        async () => {
          const { data } = (await (await fetch(url)).json()) as {
            data: { processes: Record<string, { serviceName: string }> }[];
          };
          return data
            .map(
              ({ processes }) =>
                new Set(Object.values(processes).map(one => one.serviceName)),
            )
            .find(
              names =>
                names.has('payments.payments') &&
                names.has('checkout.storefront'),
            );
        },
        {
          what: 'a trace from checkout to payments',
          timeoutSeconds: 60,
          every: 500,
        },
      );
      expect([...services]).toContain('storefront.storefront');
    });

    it('holds admission policies of the cluster in force', async () => {
      await lab.apply(`
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: { name: no-bad-names }
spec:
  matchConstraints:
    resourceRules:
      - { apiGroups: [''], apiVersions: [v1], operations: [CREATE], resources: [configmaps] }
  validations:
    - { expression: "!object.metadata.name.startsWith('bad')", message: the name is bad }
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: { name: no-bad-names }
spec: { policyName: no-bad-names, validationActions: [Deny] }
`);
      let attempt = 0;
      const refusal = await waitFor(
        async () => {
          attempt += 1;
          try {
            await lab.apply(
              `{ apiVersion: v1, kind: ConfigMap, metadata: { name: bad-${attempt} } }`,
            );
            return undefined;
          } catch (error) {
            return error as KubeError;
          }
        },
        { what: 'a refusal', timeoutSeconds: 30, every: 500 },
      );
      expect(refusal).toMatchObject({ status: 422 });
      expect(refusal.message).toContain('the name is bad');
    });

    it('forgets old resourceVersions when it is told to', async () => {
      const client = clientOf(lab.kubeconfig);
      const path = '/api/v1/namespaces/default/configmaps';
      const list = await client.call<{ metadata: { resourceVersion: string } }>(
        path,
      );
      await lab.apply(
        '{ apiVersion: v1, kind: ConfigMap, metadata: { name: newer } }',
      );
      const old = `${path}?resourceVersionMatch=Exact&resourceVersion=${list.metadata.resourceVersion}`;
      await client.call(old);
      await lab.compact();
      const status = await waitFor(
        () =>
          client.call(old).then(
            () => undefined,
            (error: KubeError) => error.status,
          ),
        { what: '410 Gone', timeoutSeconds: 60, every: 1_000 },
      );
      expect(status).toBe(410);
      client.close();
    });

    it('replaces a Pod that is deleted', async () => {
      const client = clientOf(lab.kubeconfig);
      const path = '/api/v1/namespaces/catalog/pods';
      const pods = async () =>
        (
          await client.call<{
            items: {
              metadata: { name: string };
              status: { conditions?: { type: string; status: string }[] };
            }[];
          }>(`${path}?labelSelector=app=ratings`)
        ).items;
      const [{ metadata }] = await pods();
      await client.call(`${path}/${metadata.name}`, { method: 'DELETE' });
      const ready = await waitFor(
        async () => {
          const now = await pods();
          return (
            now.length === 1 &&
            now[0].metadata.name !== metadata.name &&
            now[0].status.conditions?.some(
              one => one.type === 'Ready' && one.status === 'True',
            )
          );
        },
        { what: 'a ready successor', timeoutSeconds: 60 },
      );
      expect(ready).toBe(true);
      client.close();
    });

    it('refuses a name that is in use', async () => {
      await expect(startLab({ name: NAME })).rejects.toThrow(
        'is running already',
      );
      // By another process too, in words and without touching it.
      const { code, output } = await runLab(['--name', NAME]);
      expect(code).toBe(1);
      expect(output).toContain('is running already');
    });

    it('lets a second lab run beside it, which a start tidies up after kill -9', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'lab-ready-'));
      const ready = join(folder, 'ready.json');
      const { child } = launchLab([
        ...['--name', SECOND, '--world', 'empty'],
        ...['--ready-file', ready],
      ]);
      await waitFor(
        () =>
          existsSync(join(stateFolder(SECOND), 'kubeconfig')) &&
          namespacesOf(SECOND).then(found => found.length > 0),
        { what: 'the second lab', timeoutSeconds: 60 },
      );
      const first = await startedProcesses(SECOND, ['kubelab', 'prometheus']);
      const dead = new Promise(resolve => {
        child.on('close', resolve);
      });
      child.kill('SIGKILL');
      await dead;
      expect(first.every(isRunning)).toBe(true);

      const again = await startLab({ name: SECOND, world: 'empty' });
      expect(first.some(isRunning)).toBe(false);
      expect(again.apiServer).not.toBe(lab.apiServer);
      for (const one of [lab, again]) {
        const client = clientOf(one.kubeconfig);
        expect(await client.call('/readyz')).toBe('ok');
        client.close();
      }
      const links = () =>
        Object.keys(networkInterfaces()).filter(name =>
          name.startsWith('istio-lab'),
        ).length;
      const before = links();
      await again.stop();
      expect(await namespacesOf(SECOND)).toEqual([]);
      expect(links()).toBe(before - 1);
      expect((await namespacesOf(NAME)).length).toBeGreaterThan(20);
      rmSync(folder, { recursive: true, force: true });
    });
  },
);
