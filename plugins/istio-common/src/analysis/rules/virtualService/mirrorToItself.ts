import {
  listDestinations,
  type NamedDestination,
} from '../../facts/destinations';
import { removal } from '../../facts/fix';
import type { Rule } from '../../types';

/** Source: istio/istio pilot/pkg/networking/core/route TranslateRequestMirrorPolicy. */
export const mirrorToItself: Rule = {
  code: 'ISB0119',
  name: 'virtual-service-mirror-to-itself',
  title: 'A rule mirrors requests to where it sends them anyway',
  severity: 'warning',
  explanation:
    'The destination gets each mirrored request twice: once to answer it and once as a copy. Orders are placed twice, load is doubled.',
  remedy: 'Mirror to another version, or remove the mirror.',
  equivalents: [],
  subjects: ['VirtualService'],
  inputs: [],
  reach: 'object',
  check(subject, { snapshot }) {
    const all = listDestinations(subject, snapshot.domain);
    return all
      .filter(({ mirror }) => mirror)
      .flatMap(copy => {
        const twin = all.find(
          other =>
            !other.mirror &&
            other.rule === copy.rule &&
            other.share > 0 &&
            keyOf(other) === keyOf(copy),
        );
        const block = copy.path.replace(/\.destination$/, '');
        return twin
          ? [
              {
                message: `${copy.host}${
                  copy.subset ? `, subset ${copy.subset},` : ''
                } gets these requests already: each mirrored one arrives twice.`,
                path: copy.path,
                fix: removal('Remove the mirror', block),
              },
            ]
          : [];
      });
  },
};

function keyOf({ host, subset, port }: NamedDestination): string {
  return [host, subset ?? '', port ?? ''].join('|');
}
