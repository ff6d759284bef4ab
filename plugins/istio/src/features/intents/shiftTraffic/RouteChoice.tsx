import { RouteSelect } from '../RouteSelect';
import { ClusterChoice } from '../ClusterChoice';
import type { ShiftForm } from './useShiftForm';

/** Which route and in which clusters, where there is a choice. */
export function RouteChoice(props: { form: ShiftForm }) {
  const { form } = props;
  return (
    <>
      <RouteSelect
        options={form.routes}
        chosen={form.option?.id}
        onChange={form.selectRoute}
      />
      <ClusterChoice
        choice={form.clusterChoice}
        chosen={form.clusters}
        silent={form.silentClusters}
        onChange={form.setClusters}
      />
    </>
  );
}
