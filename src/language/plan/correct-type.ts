import type { Json } from '../../contracts/json.ts';

/** The number or boolean that a text stands for, where the type wants one; else the value as it is. */
export function correctType(value: Json, type: string | undefined): Json {
  if (typeof value !== 'string') return value;
  const text = value.trim();
  if (type === 'integer' && /^[-+]?\d+(?:_\d+)*$/.test(text)) return number(text, value);
  if (type === 'float' && /^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i.test(text)) return number(text, value);
  if (type === 'boolean' && value === 'true') return true;
  return type === 'boolean' && value === 'false' ? false : value;
}

function number(text: string, otherwise: string): Json {
  const found = Number(text.replaceAll('_', ''));
  return Number.isFinite(found) ? found : otherwise;
}
