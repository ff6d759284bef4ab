import { Select } from '@backstage/ui';
import type { FindingQuery } from './findingQuery';
import type { ChangeFindings } from './MeshFindingsView';

const ORDERS = [
  { id: 'severity', label: 'Worst first' },
  { id: 'object', label: 'By object' },
  { id: 'code', label: 'By rule' },
];

/** In which order the findings stand. */
export function OrderSelect(props: {
  query: FindingQuery;
  change: ChangeFindings;
}) {
  const { query, change } = props;
  return (
    <Select
      aria-label="Order"
      size="small"
      options={ORDERS}
      value={query.sort ?? 'severity'}
      onChange={key =>
        change({
          sort: key === null || key === 'severity' ? undefined : String(key),
        })
      }
    />
  );
}
