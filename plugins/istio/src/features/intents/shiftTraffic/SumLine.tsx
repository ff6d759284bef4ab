import { formatDuration } from '@istio-backstage/plugin-istio-common';
import { Button } from '@backstage/ui';
import { StatusShape } from '../../../components';
import { presentRate } from '../../changes/presentNumbers';
import { presentSum } from './resolveFormProblem';
import type { MeasuredRate } from './useShiftForm';
import type { WeightSum } from './weights';
import styles from './shiftTraffic.module.css';

/** Whether the shares make 100 %, in points, with a button that mends it where one version can. */
export function SumLine(props: {
  sum: WeightSum;
  /** Requests of the route in the chosen clusters; undefined when unknown. */
  measured?: MeasuredRate;
  rateUnit: string;
  balance?: { label: string; percent: string };
  onBalance: () => void;
}) {
  const { sum, measured, rateUnit, balance, onBalance } = props;
  const complete = sum.kind === 'complete';
  return (
    <div className={styles.sum}>
      <StatusShape
        shape={complete ? 'tick' : 'octagon'}
        tone={complete ? 'ok' : 'bad'}
      />
      <span className={styles.sumText} role="status">
        {complete ? (
          'Sum 100 %. '
        ) : (
          <span className={styles.wrong}>
            {sum.kind === 'invalid'
              ? `${presentSum(sum)}. `
              : `Sum ${sum.sum} %, ${presentSum(sum)}. `}
          </span>
        )}
        <span className={styles.muted}>
          {measured
            ? `Of ${presentRate(
                measured.perSecond,
              )} ${rateUnit}, average of the last ${formatDuration(
                measured.seconds,
              )}.`
            : 'The request rate is unknown.'}
        </span>
      </span>
      {balance && (
        <Button size="small" variant="secondary" onPress={onBalance}>
          {`Set ${balance.label} to ${balance.percent} %`}
        </Button>
      )}
    </div>
  );
}
