import { Button } from '@backstage/ui';
import { EmptyState } from '../../components';
import { hasFilters, type ChangeFilters } from './changeFilters';

/** The log is there, this person may not read it. */
export function MayNotRead() {
  return (
    <EmptyState
      title="You may not read this log"
      explanation="Reading this log needs permission istio.audit.read for this component. The portal’s permission policy grants it, usually to the owners of a component; ask its owner or the platform team."
    />
  );
}

/** The list is empty: by the filters, or because nothing was changed yet. */
export function NothingListed(props: {
  filters: ChangeFilters;
  onClear: () => void;
}) {
  const { filters, onClear } = props;
  if (hasFilters(filters)) {
    return (
      <EmptyState
        title="No change matches"
        explanation="If anything was changed, then not in a way that these filters find."
      >
        <Button size="small" variant="secondary" onPress={onClear}>
          Clear filters
        </Button>
      </EmptyState>
    );
  }
  return (
    <EmptyState
      title="No change yet"
      explanation="Every change that goes through the portal is recorded here before it is sent: who made it, why, what was before and after, and what came of it. Shift traffic makes the first one. Changes made with other tools are listed as the watches see them."
    />
  );
}
