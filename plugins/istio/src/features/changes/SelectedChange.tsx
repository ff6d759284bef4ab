import type { Change } from '@istio-backstage/plugin-istio-common';
import { ErrorNote, LinesSkeleton, MeshCard, Note } from '../../components';
import { ChangeDetails } from './ChangeDetails';
import { MayNotRead } from './ChangesNotices';
import { withChangeParam } from './changeFilters';
import { describeProblem } from './describeProblem';
import { useChange } from './useChanges';

/** Full address of a change, without the filters of whoever copies it. */
function addressOf(id: string): string {
  const { origin, pathname } = window.location;
  const search = withChangeParam(new URLSearchParams(), { change: id });
  return `${origin}${pathname}?${search}`;
}

/** The change that the URL names, or the newest one. */
export function SelectedChange(props: {
  id: string;
  /** The change as the list has it, shown until the newest is there. */
  listed?: Change;
  searchOf: (id: string) => string;
}) {
  const { id, listed, searchOf } = props;
  const { data: change, error, refetch } = useChange(id, listed);
  if (change) {
    return (
      <ChangeDetails
        key={id}
        change={change}
        searchOf={searchOf}
        link={addressOf(id)}
      />
    );
  }
  if (!error) {
    return (
      <MeshCard title="Change">
        <LinesSkeleton lines={10} label="Loading the change" />
      </MeshCard>
    );
  }
  switch (describeProblem(error).kind) {
    case 'notFound':
    case 'invalid':
      return <Note tone="quiet">The log has no change with the id {id}.</Note>;
    case 'forbidden':
      return <MayNotRead />;
    default:
      return <ErrorNote what="The change" error={error} onRetry={refetch} />;
  }
}
