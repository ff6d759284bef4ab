import {
  type Fields,
  fieldsListOf,
  fieldsOf,
  isFields,
  numberOf,
} from '../../resources/fields';
import { readDestinationRule } from '../../resources/destinationRule';
import type { KubeObject } from '../../resources/types';

/** One block of traffic settings of a DestinationRule: of the rule, of a subset, or of one port of either. */
export interface PolicyBlock {
  fields: Fields;
  /** `spec.trafficPolicy`, `spec.subsets[0].trafficPolicy.portLevelSettings[1]` */
  path: string;
  subset?: string;
  /** Set for a port's block, which stands alone. */
  port?: number;
  /** The block that the port's block replaces. */
  wide?: PolicyBlock;
}

/** Every block of traffic settings, those of ports after the one they replace. */
export function listPolicies(object: KubeObject): PolicyBlock[] {
  const { subsets } = readDestinationRule(object);
  return [
    ...readBlock(fieldsOf(object.spec).trafficPolicy, 'spec.trafficPolicy'),
    ...subsets.flatMap(({ fields, fieldPath, name }) =>
      readBlock(fields.trafficPolicy, `spec.${fieldPath}.trafficPolicy`, name),
    ),
  ];
}

function readBlock(
  value: unknown,
  path: string,
  subset?: string,
): PolicyBlock[] {
  if (!isFields(value)) return [];
  const wide: PolicyBlock = {
    fields: value,
    path,
    ...(subset === undefined ? {} : { subset }),
  };
  return [
    wide,
    ...fieldsListOf(value.portLevelSettings).flatMap((fields, index) => {
      const port = numberOf(fieldsOf(fields.port).number);
      return port === undefined
        ? []
        : [
            {
              ...wide,
              wide,
              fields,
              port,
              path: `${path}.portLevelSettings[${index}]`,
            },
          ];
    }),
  ];
}
