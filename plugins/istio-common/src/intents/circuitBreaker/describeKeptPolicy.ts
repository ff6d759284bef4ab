import { fieldsListOf, fieldsOf, type Fields } from '../../resources/fields';

const WORDS: Readonly<Record<string, string>> = {
  loadBalancer: 'sets how a pod is chosen',
  tls: 'sets how callers encrypt',
  tunnel: 'tunnels connections',
  proxyProtocol: 'sends the PROXY protocol',
  retryBudget: 'limits the share of retries',
};

/** What the rule holds beside limits and ejection of the place, in words after "it". */
export function describeKeptPolicy(spec: Fields, policy: Fields): string[] {
  const subsets = fieldsListOf(spec.subsets).length;
  const ports = fieldsListOf(
    fieldsOf(spec.trafficPolicy).portLevelSettings,
  ).length;
  return [
    ...Object.keys(policy).flatMap(field => WORDS[field] ?? []),
    ...(subsets > 0 ? [count(subsets, 'version')] : []),
    ...(ports > 0
      ? [
          count(
            ports,
            'port with settings of its own',
            'ports with settings of their own',
          ),
        ]
      : []),
  ];
}

function count(number: number, one: string, several = `${one}s`): string {
  return `has ${number} ${number === 1 ? one : several}`;
}
