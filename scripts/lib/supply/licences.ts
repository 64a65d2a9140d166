/** Under which licences others’ work may be part of Braid: none asks for its sources in return, but of itself. */
const allowed: ReadonlySet<string> = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC-BY-4.0',
  'CC0-1.0',
  'ISC',
  'MIT',
  'MPL-2.0',
  'PSF-2.0',
  'Unlicense',
]);

/** Whether an SPDX expression, `MIT OR (Apache-2.0 AND ISC)`, lets it; null, unknown, does not. */
export function isAllowed(expression: string | null): boolean {
  if (expression === null) return false;
  const tokens = expression.match(/\(|\)|[^\s()]+/g) ?? [];
  let at = 0;
  const choice = (): boolean => {
    let value = all();
    while (tokens[at] === 'OR') {
      at += 1;
      value = all() || value;
    }
    return value;
  };
  const value = choice();
  return value && at === tokens.length;

  function all(): boolean {
    let each = one();
    while (tokens[at] === 'AND') {
      at += 1;
      each = one() && each;
    }
    return each;
  }

  function one(): boolean {
    const token = tokens[at] ?? '';
    at += 1;
    if (token !== '(') return allowed.has(token);
    const inside = choice();
    const closed = tokens[at] === ')';
    at += 1;
    return inside && closed;
  }
}

const texts: readonly (readonly [string, RegExp])[] = [
  ['Apache-2.0', /Apache License,?\s+Version 2\.0/i],
  ['MPL-2.0', /Mozilla Public License,?\s+(Version|v\.) 2\.0/i],
  ['BSD-3-Clause', /Redistribution and use in source and binary forms[\s\S]*Neither the names? /i],
  ['BSD-2-Clause', /Redistribution and use in source and binary forms/i],
  ['MIT', /Permission is hereby granted, free of charge, to any person obtaining a copy/i],
  ['ISC', /Permission to use, copy, modify, and(\/or)? distribute this software/i],
  ['Unlicense', /This is free and unencumbered software released into the public domain/i],
];

/** What a licence’s text is, where it is a usual one. */
export function licenceOfText(text: string): string | null {
  return texts.find(([, pattern]) => pattern.test(text.replaceAll(/\s+/g, ' ')))?.[0] ?? null;
}
