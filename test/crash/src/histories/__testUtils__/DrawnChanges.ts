import type { KubeObject } from '@istio-backstage/plugin-istio-common';
import type { NewChange } from '../../../../../plugins/istio-backend/src/changes/types';
import { planChangeOf } from './planChangeOf';

const API = 'networking.istio.io/v1';

/** What people of a history ask for: a rule and two routes of theirs, and a third that comes and goes. */
export class DrawnChanges {
  static create(options: {
    /** Below 1, the next at each call. */
    random: () => number;
    /** Names its objects. */
    name: string;
  }): DrawnChanges {
    return new DrawnChanges(options);
  }

  private constructor(
    private readonly options: Parameters<typeof DrawnChanges.create>[0],
  ) {}

  /** What is there before anybody asks. */
  firstObjects(): KubeObject[] {
    return [this.route('a'), this.route('b'), this.rule()];
  }

  /** A change of one to all of these objects as they are now; none of its operations where it is so already. */
  change(live: readonly KubeObject[]): NewChange {
    const desired = this.firstObjects()
      .filter(() => this.happens(60))
      .map(object => ({
        ...object,
        metadata: {
          ...live.find(
            each =>
              each.kind === object.kind &&
              each.metadata.name === object.metadata.name,
          )?.metadata,
          ...object.metadata,
        },
      }));
    const extra = this.route('c');
    const isThere = live.some(
      ({ metadata }) => metadata.name === extra.metadata.name,
    );
    const wantsExtra = this.happens(25);
    return planChangeOf({
      live,
      desired: wantsExtra && !isThere ? [...desired, extra] : desired,
      removed:
        wantsExtra && isThere
          ? [
              {
                cluster: 'prod-eu',
                apiVersion: API,
                kind: extra.kind,
                namespace: 'catalog',
                name: extra.metadata.name,
              },
            ]
          : [],
    });
  }

  private route(suffix: string): KubeObject {
    const weight = this.pick(101);
    return {
      apiVersion: API,
      kind: 'VirtualService',
      metadata: {
        namespace: 'catalog',
        name: `${this.options.name}-${suffix}`,
      },
      spec: {
        hosts: ['reviews'],
        http: [
          {
            route: [
              { destination: { host: 'reviews', subset: 'v1' }, weight },
              {
                destination: { host: 'reviews', subset: 'v2' },
                weight: 100 - weight,
              },
            ],
          },
        ],
      },
    };
  }

  private rule(): KubeObject {
    return {
      apiVersion: API,
      kind: 'DestinationRule',
      metadata: { namespace: 'catalog', name: this.options.name },
      spec: {
        host: 'reviews',
        trafficPolicy: {
          outlierDetection: { consecutive5xxErrors: 1 + this.pick(50) },
        },
      },
    };
  }

  private happens(percent: number): boolean {
    return this.options.random() * 100 < percent;
  }

  private pick(below: number): number {
    return Math.floor(this.options.random() * below);
  }
}
