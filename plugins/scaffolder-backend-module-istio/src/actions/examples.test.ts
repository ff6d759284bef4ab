import type { Entity } from '@backstage/catalog-model';
import istioPlugin from '@istio-backstage/plugin-istio-backend';
import { startSandbox, type RunningSandbox } from '@istio-backstage/sandbox';
import { parse } from 'yaml';
import { readCatalog, startPortal } from '../__testUtils__/startPortal';
import { followExamples } from './createFollowChangeAction.examples';
import { previewExamples } from './createPreviewChangeAction.examples';
import { submitExamples } from './createSubmitChangeAction.examples';

jest.setTimeout(240_000);

const EXAMPLES = { previewExamples, submitExamples, followExamples };

/** Every example as a template that puts out all that its steps put out. */
function templateOf(name: string, example: string): Entity {
  const { steps } = parse(example) as { steps: { id: string }[] };
  return {
    apiVersion: 'scaffolder.backstage.io/v1beta3',
    kind: 'Template',
    metadata: { name, namespace: 'default' },
    spec: {
      type: 'service',
      owner: 'group:default/platform-team',
      parameters: [],
      steps,
      output: Object.fromEntries(
        steps.map(({ id }) => [id, `\${{ steps['${id}'].output }}`]),
      ),
    },
  };
}

const TEMPLATES = Object.entries(EXAMPLES).flatMap(([list, examples]) =>
  examples.map(({ description, example }, index) => ({
    description,
    entity: templateOf(`${list}-${index}`.toLowerCase(), example),
  })),
);

describe('examples of the actions, in the real scaffolder', () => {
  let sandbox: RunningSandbox;
  let portal: Awaited<ReturnType<typeof startPortal>>;

  beforeEach(async () => {
    sandbox = await startSandbox({ basePort: 0, clusters: ['prod-eu'] });
    portal = await startPortal({
      sandbox,
      istioPlugin,
      entities: [
        ...readCatalog('catalog.yaml'),
        ...TEMPLATES.map(({ entity }) => entity),
      ],
    });
  });

  afterEach(async () => {
    await portal.stop();
    await sandbox.close();
  });

  const weights = () => {
    const { store } = sandbox.clusters[0].cluster.kubernetes;
    const route = store.get('virtualservices.networking.istio.io', {
      namespace: 'catalog',
      name: 'reviews',
    }) as { spec?: { http: { route: { weight?: number }[] }[] } };
    return route.spec?.http[0].route.map(({ weight = 0 }) => weight);
  };

  it.each(TEMPLATES)('$description', async ({ entity }) => {
    const { name } = entity.metadata;
    const before = weights();
    const dry = await portal.dryRun(entity);
    expect(dry).toMatchObject({ status: 'completed' });
    expect(dry.log.join('\n')).toContain(
      name.startsWith('preview') ? '' : 'reviews: v2 from 20 to 30 %',
    );
    expect(weights()).toEqual(before);

    const end = await portal.run({ template: name });
    expect([end.status, end.log.at(-1)]).toEqual([
      'completed',
      expect.any(String),
    ]);
    const writes = !name.startsWith('preview');
    expect(weights()).toEqual(writes ? [70, 30, 0] : before);
    const { items } = await portal
      .clientFor('user:default/mira.kovac')
      .listChanges();
    expect(
      items.map(({ requestedBy, reason }) => [requestedBy.entityRef, reason]),
    ).toEqual(
      writes
        ? [['user:default/mira.kovac', 'Next step of the new version']]
        : [],
    );
    expect(end.output).toMatchObject(
      writes
        ? {
            change: {
              changeId: items[0].id,
              title: 'reviews: v2 from 20 to 30 %',
              changeUrl: `https://portal.example/catalog/default/component/reviews/mesh/changes?change=${items[0].id}`,
            },
            ...(name.startsWith('follow') && { wait: { state: 'verified' } }),
          }
        : { preview: { allowed: true, reasons: [] } },
    );
  });
});
