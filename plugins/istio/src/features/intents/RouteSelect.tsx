import { Select } from '@backstage/ui';
import type { RouteOption } from './resolveRouteOptions';

/** Which rule, where there are several. */
export function RouteSelect(props: {
  options: RouteOption[];
  chosen?: string;
  onChange: (id: string) => void;
}) {
  const { options, chosen, onChange } = props;
  if (options.length < 2) return null;
  return (
    // BUI's field takes the height that is left; in a box of its own there is none.
    <div>
      <Select
        label="Route"
        size="small"
        options={options.map(({ id, label, description }) => ({
          id,
          label,
          description,
        }))}
        value={chosen ?? null}
        onChange={id => id !== null && onChange(String(id))}
      />
    </div>
  );
}
