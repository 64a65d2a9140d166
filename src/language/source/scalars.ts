import type { Scalar } from './node.ts';

// What a plain (unquoted) text means in YAML 1.1 as PyYAML reads it, which is what blueprints are written for.
const nulls = /^(?:~|null|Null|NULL|)$/;
const booleans = /^(?:yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$/;
const truths = /^(?:yes|true|on)$/i;
const integers = /^[-+]?(?:0b[01_]+|0x[0-9a-fA-F_]+|0[0-7_]+|0|[1-9][0-9_]*|[1-9][0-9_]*(?::[0-5]?[0-9])+)$/;
const floats =
  /^[-+]?(?:[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*)$/;

export function plainScalar(text: string): Scalar {
  if (nulls.test(text)) return null;
  if (booleans.test(text)) return truths.test(text);
  if (integers.test(text)) return integer(text);
  if (floats.test(text)) return float(text);
  return text;
}

/** Whether a plain text is a number with a point. */
export function isFloat(text: string): boolean {
  return floats.test(text);
}

function integer(text: string): Scalar {
  const sign = text.startsWith('-') ? -1 : 1;
  const digits = text.replaceAll('_', '').replace(/^[-+]/, '');
  const value = sign * magnitude(digits);
  // JSON cannot hold more: better the digits as they are than other ones.
  return Number.isSafeInteger(value) ? value : text;
}

function magnitude(digits: string): number {
  if (digits.startsWith('0b')) return Number.parseInt(digits.slice(2), 2);
  if (digits.startsWith('0x')) return Number.parseInt(digits.slice(2), 16);
  if (digits.includes(':')) return sexagesimal(digits);
  return digits.startsWith('0') ? Number.parseInt(digits, 8) : Number.parseInt(digits, 10);
}

function float(text: string): Scalar {
  const digits = text.replaceAll('_', '');
  if (!digits.includes(':')) return Number.parseFloat(digits);
  return (digits.startsWith('-') ? -1 : 1) * sexagesimal(digits.replace(/^[-+]/, ''));
}

function sexagesimal(digits: string): number {
  return digits.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
}
