import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { JSON_SCHEMA, load } from 'js-yaml';
import { EntityMatch } from '../../entity/types';
import { KindName } from '../../resources/kinds';
import { DecidedBy } from '../../resources/types';
import {
  deployment,
  kubeObject,
  namespace,
  service,
  snapshotOf,
} from '../../testUtils';
import { resolveResilience } from './resolveResilience';
import { ResilienceAnswer, ResilienceSetting } from './types';

interface Case {
  name: string;
  objects?: { is: string; spec: Record<string, unknown> }[];
  meshConfig?: Record<string, unknown>;
  /** Changes the Service `shop/web`. */
  service?: Record<string, unknown>;
  annotations?: Record<string, string>;
  client?: { namespace: string; labels?: Record<string, string> };
  expect: {
    /** `web:80`, `web[v1]:80` → setting → "text <- decider". */
    destinations?: Record<string, Record<string, string>>;
    /** Rule's name or "default" → setting → "text <- decider". */
    routes?: Record<string, Record<string, string>>;
    details?: string[];
    /** None of them may be there. */
    noDetails?: string[];
    /** "decider: why" of all settings, each has to be there. */
    overruled?: string[];
    /** "text <- decider", complete. */
    rateLimits?: string[];
    faults?: string[];
    otherCallers?: string[];
    caveats?: string[];
  };
}

const cases = load(
  readFileSync(join(__dirname, 'resolveResilience.cases.yaml'), 'utf8'),
  { schema: JSON_SCHEMA },
) as Case[];

const MATCH: EntityMatch = {
  nearMisses: [],
  workloads: ['web-v1', 'web-v2'].map(name => ({
    cluster: 'prod-eu',
    namespace: 'shop',
    kind: 'Deployment' as const,
    name,
    podsReady: 1,
    podsDesired: 1,
    why: '',
  })),
  services: [
    {
      cluster: 'prod-eu',
      namespace: 'shop',
      name: 'web',
      host: 'web.shop.svc.cluster.local',
      ports: [],
      why: '',
    },
  ],
};

function worldOf(given: Case) {
  return snapshotOf(
    [
      namespace({ name: 'shop' }),
      namespace({ name: 'desk' }),
      {
        ...service({
          namespace: 'shop',
          name: 'web',
          ports: [
            { name: 'http', port: 80, targetPort: 8080 },
            { name: 'tcp-raw', port: 9000 },
          ],
          spec: given.service ?? {},
        }),
        ...(given.annotations
          ? {
              metadata: {
                namespace: 'shop',
                name: 'web',
                annotations: given.annotations,
              },
            }
          : {}),
      },
      ...['v1', 'v2'].flatMap(version =>
        deployment({
          namespace: 'shop',
          name: `web-${version}`,
          labels: { app: 'web', version },
          proxy: 'sidecar',
        }),
      ),
      ...(given.objects ?? []).map(({ is, spec }) => {
        const [kind, path] = is.split(' ');
        const [ns, name] = path.split('/');
        return kubeObject(kind as KindName, { namespace: ns, name }, { spec });
      }),
    ],
    { meshConfig: given.meshConfig ?? {} },
  );
}

function who(by: DecidedBy): string {
  switch (by.by) {
    case 'object': {
      const { kind, namespace: ns, name } = by.object;
      return `${kind} ${ns ? `${ns}/` : ''}${name} ${by.fieldPath}`;
    }
    case 'meshConfig':
      return `meshConfig ${by.fieldPath}`;
    default:
      return by.by;
  }
}

function told(settings: readonly ResilienceSetting[], names: string[]) {
  return Object.fromEntries(
    names.map(name => {
      const setting = settings.find(each => each.setting === name);
      return [name, setting && `${setting.text} <- ${who(setting.decidedBy)}`];
    }),
  );
}

function settingsOf(answer: ResilienceAnswer) {
  return {
    destinations: answer.destinations.map(
      ({ host, subset, port, settings }) => ({
        key: `${host.split('.')[0]}${subset ? `[${subset}]` : ''}:${port}`,
        settings,
      }),
    ),
    routes: answer.routes.map(({ name, object, fieldPath = '', settings }) => ({
      key: object ? name ?? fieldPath : 'default',
      settings,
    })),
  };
}

describe('resolveResilience', () => {
  it.each(cases.map(given => [given.name, given] as const))(
    '%s',
    (_, given) => {
      const answer = resolveResilience({
        snapshot: worldOf(given),
        match: MATCH,
        ...(given.client ? { client: given.client } : {}),
      });
      const { expect: wanted } = given;
      const found = settingsOf(answer);
      for (const part of ['destinations', 'routes'] as const) {
        for (const [key, expected] of Object.entries(wanted[part] ?? {})) {
          const entry = found[part].find(each => each.key === key);
          expect(found[part].map(each => each.key)).toContain(key);
          expect(told(entry?.settings ?? [], Object.keys(expected))).toEqual(
            expected,
          );
        }
      }
      const all = [...answer.destinations, ...answer.routes].flatMap(
        ({ settings }) => settings,
      );
      expect(all.map(({ detail }) => detail)).toEqual(
        expect.arrayContaining(wanted.details ?? []),
      );
      for (const detail of wanted.noDetails ?? []) {
        expect(all.map(each => each.detail)).not.toContain(detail);
      }
      expect(
        all.flatMap(({ overruled }) =>
          overruled.map(({ decidedBy, why }) => `${who(decidedBy)}: ${why}`),
        ),
      ).toEqual(expect.arrayContaining(wanted.overruled ?? []));
      const limits = answer.rateLimits
        .filter(({ workload }) => workload === 'web-v1')
        .map(
          ({ text, detail, port, decidedBy }) =>
            `${text}${detail ? ` (${detail})` : ''}${
              port ? ` on ${port}` : ''
            } <- ${who(decidedBy)}`,
        );
      expect(limits).toEqual(wanted.rateLimits ?? []);
      expect(
        answer.routes.flatMap(({ faults }) => faults.map(({ text }) => text)),
      ).toEqual(wanted.faults ?? []);
      expect(answer.otherCallers.map(({ text }) => text)).toEqual(
        wanted.otherCallers ?? [],
      );
      expect(answer.caveats).toEqual(wanted.caveats ?? []);
    },
  );

  it('says unknown where rules could not be read, and does not call it a default', () => {
    const world = snapshotOf([service({ namespace: 'shop', name: 'web' })], {
      freshness: {
        DestinationRule: { state: 'failed', error: 'forbidden' },
        EnvoyFilter: { state: 'failed', error: 'forbidden' },
      },
    });
    const answer = resolveResilience({ snapshot: world, match: MATCH });
    expect(
      answer.destinations.flatMap(({ settings }) =>
        settings.map(({ state }) => state),
      ),
    ).toEqual(Array(5).fill('unknown'));
    expect(answer.rateLimitsKnown).toBe(false);
    expect(answer.caveats).toHaveLength(2);
  });
});
