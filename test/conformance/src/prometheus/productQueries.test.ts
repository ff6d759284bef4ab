import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as core from '@istio-backstage/plugin-istio-common';
import { repositoryRoot } from '../world/repositoryRoot';
import { readWorld } from '../world/WorldHandle';
import { ask } from './ask';
import { BUILDERS, productQueries, shapeOf } from './productQueries';
import { SHAPES } from './shapes';

/** Where queries are made; everything else asks these for them. */
const HOME = 'plugins/istio-common/src/telemetry/';

function sourcesOf(folder: string): string[] {
  return readdirSync(join(repositoryRoot, folder), {
    recursive: true,
    encoding: 'utf8',
  })
    .map(file => `${folder}/${file}`)
    .filter(file => /\.tsx?$/.test(file) && !/\.test\.|testing\//.test(file));
}

describe('queries of the product', () => {
  it('are made by builders that this suite knows', () => {
    const builders = Object.keys(core).filter(name =>
      /^build\w*Quer(y|ies)/.test(name),
    );
    expect(builders.sort()).toEqual(Object.keys(BUILDERS).sort());
  });

  it('are written nowhere else', () => {
    const written = ['istio-common', 'istio-node', 'istio-backend']
      .flatMap(plugin => sourcesOf(`plugins/${plugin}/src`))
      .filter(file => !file.startsWith(HOME))
      .filter(file =>
        /\bistio_(requests|request|response|tcp|build|agent)_|\bpilot_\w+_|histogram_quantile/.test(
          readFileSync(join(repositoryRoot, file), 'utf8'),
        ),
      );
    expect(written).toEqual([]);
  });

  it('have the shapes that were compared with a real Prometheus', () => {
    const shapes = new Set(productQueries().map(({ query }) => shapeOf(query)));
    expect([...shapes].sort()).toEqual([...SHAPES].sort());
  });
});

const { prometheus } = readWorld();

(prometheus ? describe : describe.skip)(
  `Prometheus of this world${prometheus ? '' : ' (skipped: it has none)'}`,
  () => {
    it.each(productQueries().map(({ name, query }) => [name, query]))(
      'answers %s: %s',
      async (_, query) => {
        const now = Date.now() / 1000;
        const instant = await ask(prometheus!, 'query', {
          query,
          time: now.toFixed(3),
          timeout: '10s',
        });
        expect([instant.status, instant.body.data?.resultType]).toEqual([
          200,
          'vector',
        ]);
        const range = await ask(prometheus!, 'query_range', {
          query,
          start: (now - 300).toFixed(3),
          end: now.toFixed(3),
          step: '60',
          timeout: '10s',
        });
        expect([range.status, range.body.data?.resultType]).toEqual([
          200,
          'matrix',
        ]);
      },
    );

    it('refuses what is no query', async () => {
      const answer = await ask(prometheus!, 'query', { query: 'sum(' });
      expect(answer.status).toBe(400);
      expect(answer.body).toMatchObject({
        status: 'error',
        errorType: 'bad_data',
        error: expect.any(String),
      });
    });
  },
);
