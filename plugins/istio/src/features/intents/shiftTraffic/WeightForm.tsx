import { Button } from '@backstage/ui';
import type { MeasuredRate, ShiftForm } from './useShiftForm';
import { SumLine } from './SumLine';
import { WeightRow } from './WeightRow';
import { resolveBalance, resolveNextStep } from './weights';
import styles from './shiftTraffic.module.css';

/** Letters that fit beside a slider. */
const SHORT_NAME = 9;

function Tools(props: { form: ShiftForm }) {
  const { form } = props;
  const next = resolveNextStep(form.rows);
  return (
    <div className={styles.tools}>
      {next && !form.edited && (
        <Button
          size="small"
          variant="secondary"
          onPress={() => form.setAll(next.weights)}
        >
          {`Next step: ${next.to.label} to ${next.percent} %`}
        </Button>
      )}
      {form.edited && (
        <Button size="small" variant="tertiary" onPress={form.resetWeights}>
          Back to today’s shares
        </Button>
      )}
    </div>
  );
}

/** The shares of the versions and whether they make 100 %. */
export function WeightForm(props: {
  form: ShiftForm;
  /** Requests of the chosen clusters; undefined when unknown. */
  measured?: MeasuredRate;
}) {
  const { form, measured } = props;
  const { rows, weights, sum } = form;
  const isStacked = rows.some(row => row.label.length > SHORT_NAME);
  const balance = resolveBalance({
    rows,
    weights,
    lastEdited: form.lastEdited,
  });
  return (
    <section aria-label="Share per version">
      <div className={styles.head}>
        <h3>Share per version</h3>
        <span className={styles.hint}>Mark on the slider: today</span>
      </div>
      {rows.map(row => (
        <WeightRow
          key={row.key}
          row={row}
          text={weights[row.key]}
          totalRate={measured?.perSecond}
          rateUnit={form.rateUnit}
          isStacked={isStacked}
          onChange={text => form.setWeight(row.key, text)}
        />
      ))}
      <SumLine
        sum={sum}
        measured={measured}
        rateUnit={form.rateUnit}
        balance={balance && { label: balance.row.label, percent: balance.text }}
        onBalance={() =>
          balance && form.setWeight(balance.row.key, balance.text)
        }
      />
      {form.differences && (
        <p className={styles.differ}>
          Clusters differ today: {form.differences}. The shares above are for
          each of them.
        </p>
      )}
      <Tools form={form} />
    </section>
  );
}
