import { readVirtualService } from '../../../resources/virtualService';
import { resolveShares } from '../../../mesh/traffic/resolveShares';
import type { FindingFix, Rule } from '../../types';

/** Source: istio/istio pilot/pkg/networking/core/route: shares are weight / sum; Kiali counts in percent. */
export const weightsNotHundred: Rule = {
  code: 'ISB0114',
  name: 'virtual-service-weights-not-hundred',
  title: 'The weights of a split do not add up to 100',
  severity: 'info',
  explanation:
    'Istio divides each weight by their sum, so nothing is lost. Who reads the weights as percentages reads something else than what happens.',
  remedy: 'Write weights that add up to 100.',
  equivalents: [],
  subjects: ['VirtualService'],
  inputs: [],
  reach: 'object',
  check(subject) {
    return readVirtualService(subject).rules.flatMap(
      ({ destinations, fieldPath }) => {
        const weights = destinations.map(({ weight }) => weight ?? 0);
        const sum = weights.reduce((total, weight) => total + weight, 0);
        if (destinations.length < 2 || sum === 0 || sum === 100) return [];
        const shares = resolveShares(weights, 'istio').map(
          share => share * 100,
        );
        const fix = evenFix(fieldPath, shares, weights);
        return [
          {
            message: `The weights add up to ${sum}, not 100: the destinations get ${shares
              .map(share => `${Number(share.toFixed(1))} %`)
              .join(', ')}.`,
            path: `spec.${fieldPath}.route`,
            ...(fix && { fix }),
          },
        ];
      },
    );
  },
};

/** The same shares in percent, where they are whole. */
function evenFix(
  fieldPath: string,
  shares: readonly number[],
  weights: readonly number[],
): FindingFix | undefined {
  if (shares.some(share => Math.abs(share - Math.round(share)) > 1e-9)) {
    return undefined;
  }
  const [list, index] = fieldPath.replace(']', '').split('[');
  return {
    title: 'Write the shares in percent',
    patch: shares.flatMap((share, position) =>
      weights[position] === 0
        ? []
        : [
            {
              op: 'replace' as const,
              path: `/spec/${list}/${index}/route/${position}/weight`,
              value: Math.round(share),
            },
          ],
    ),
  };
}
