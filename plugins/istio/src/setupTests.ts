import '@testing-library/jest-dom';
import { configure } from '@testing-library/react';

// Views are loaded when first shown: on a busy machine that takes longer than the default of a second.
configure({ asyncUtilTimeout: 10_000 });
