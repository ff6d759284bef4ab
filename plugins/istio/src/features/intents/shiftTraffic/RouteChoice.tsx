import { Checkbox, CheckboxGroup, Select } from '@backstage/ui';
import type { ShiftForm } from './useShiftForm';

/** Which route and in which clusters, where there is a choice. */
export function RouteChoice(props: { form: ShiftForm }) {
  const { form } = props;
  return (
    <>
      {form.routes.length > 1 && (
        // BUI's field takes the height that is left; in a box of its own there is none.
        <div>
          <Select
            label="Route"
            size="small"
            options={form.routes.map(({ id, label, description }) => ({
              id,
              label,
              description,
            }))}
            value={form.option?.id ?? null}
            onChange={id => id !== null && form.selectRoute(String(id))}
          />
        </div>
      )}
      {form.clusterChoice.length > 1 && (
        <CheckboxGroup
          label="Clusters"
          orientation="horizontal"
          value={form.clusters}
          onChange={form.setClusters}
        >
          {form.clusterChoice.map(cluster => (
            <Checkbox
              key={cluster}
              value={cluster}
              isDisabled={
                form.silentClusters.includes(cluster) &&
                !form.clusters.includes(cluster)
              }
            >
              {form.silentClusters.includes(cluster)
                ? `${cluster}, no answer`
                : cluster}
            </Checkbox>
          ))}
        </CheckboxGroup>
      )}
    </>
  );
}
