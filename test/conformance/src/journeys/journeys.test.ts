// One portal for all, in this order.
import './reading.journey';
import './changing.journey';
import './concurrentEdits.journey';
import './abTest.journey';
import './guarding.journey';
import './encryption.journey';
import './health.journey';
// It ends the portal and starts it again.
import './drift.journey';

jest.setTimeout(600_000);
