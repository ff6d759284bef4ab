import {
  buildSnapshot,
  KubeObject,
  MeshFinding,
  objectKey,
} from '@istio-backstage/plugin-istio-common';
import { completeWorkloads } from '../input/completeWorkloads';
import { attribute } from './attribute';

const DEPLOYMENT: KubeObject = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'shop' },
  spec: {
    template: {
      metadata: { labels: { app: 'web' } },
      spec: { containers: [{ name: 'app' }] },
    },
  },
};

function about(kind: string, name: string, path: string): MeshFinding {
  const apiVersion = kind === 'Pod' ? 'v1' : 'apps/v1';
  return {
    code: 'ISB0801',
    severity: 'warning',
    message: 'wrong',
    object: { apiVersion, kind, namespace: 'shop', name },
    path,
    equivalents: [],
    fix: { title: 'Mend it', patch: [{ op: 'remove', path: '/spec' }] },
  };
}

function attributed(findings: MeshFinding[]): MeshFinding[] {
  const pods = completeWorkloads([DEPLOYMENT], 'as they are').filter(
    ({ kind }) => kind === 'Pod',
  );
  return attribute(findings, {
    snapshot: buildSnapshot({ cluster: '', asOf: 0, objects: { Pod: pods } }),
    places: new Map([
      [
        objectKey(DEPLOYMENT),
        {
          file: { name: 'a.yaml', text: '', found: false },
          document: 1,
          line: 1,
          path: '',
        },
      ],
    ]),
  });
}

describe('findings about objects that are not written', () => {
  it.each([
    ['spec.containers[0]', 'spec.template.spec.containers[0]'],
    ['metadata.labels.app', 'spec.template.metadata.labels.app'],
    ['metadata.labels', 'spec.template.metadata.labels'],
    ['metadata.labelsOfMine', 'spec.template'],
    ['status.phase', 'spec.template'],
    ['', 'spec.template'],
  ])('are about the template of the controller: %s', (path, expected) => {
    const { fix: _, ...rest } = about('Deployment', 'web', expected);
    expect(attributed([about('Pod', 'web-0', path)])).toEqual([rest]);
  });

  it('are told once', () => {
    expect(
      attributed([
        about('Deployment', 'web', 'spec.template.spec'),
        about('Pod', 'web-0', 'spec'),
      ]),
    ).toEqual([about('Deployment', 'web', 'spec.template.spec')]);
  });

  it('are left out for what was assumed', () => {
    expect(attributed([about('Pod', 'istio-ingressgateway', '')])).toEqual([]);
  });
});
