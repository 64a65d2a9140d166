import manifest from '../../package.json' with { type: 'json' };

/** Of Braid itself. */
export const { version } = manifest;
