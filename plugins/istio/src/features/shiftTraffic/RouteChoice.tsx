import { Checkbox, CheckboxGroup, Select } from '@backstage/ui';
import type { ShiftForm } from './useShiftForm';

/** Which route and in which clusters, where there is a choice. */
export function RouteChoice(props: { form: ShiftForm }) {
  const { form } = props;
  const clusters = form.route?.clusters ?? [];
  return (
    <>
      {form.routes.length > 1 && (
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
      )}
      {clusters.length > 1 && (
        <CheckboxGroup
          label="Clusters"
          orientation="horizontal"
          value={form.clusters}
          onChange={form.setClusters}
        >
          {clusters.map(cluster => (
            <Checkbox key={cluster} value={cluster}>
              {cluster}
            </Checkbox>
          ))}
        </CheckboxGroup>
      )}
    </>
  );
}
