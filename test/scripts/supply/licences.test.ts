import { expect, test } from 'vitest';
import { isAllowed, licenceOfText } from '../../../scripts/lib/supply/licences.ts';

test.each([
  ['MIT', true],
  ['GPL-3.0-only', false],
  ['MIT OR GPL-3.0-only', true],
  ['MIT AND GPL-3.0-only', false],
  ['(MIT OR GPL-3.0-only) AND ISC', true],
  ['MIT AND (AGPL-3.0-only AND ISC)', false],
  ['GPL-3.0-only OR MIT AND ISC', true],
  ['(MIT', false],
  ['MIT)', false],
  ['MIT ISC', false],
  ['SEE LICENSE IN file', false],
  ['', false],
  [null, false],
])('%s: %s', (expression, allowed) => {
  expect(isAllowed(expression)).toBe(allowed);
});

test.each([
  [
    '                                 Apache License\n                           Version 2.0, January 2004',
    'Apache-2.0',
  ],
  ['Redistribution and use in source and binary forms … Neither the name of', 'BSD-3-Clause'],
  ['Redistribution and use in source\nand binary forms, with', 'BSD-2-Clause'],
  ['Permission is hereby granted, free of charge, to any person obtaining\na copy', 'MIT'],
  ['All rights reserved.', null],
])('the text %j is that of %s', (text, licence) => {
  expect(licenceOfText(text)).toBe(licence);
});
