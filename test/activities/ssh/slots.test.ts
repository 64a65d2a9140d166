import { expect, test } from 'vitest';
import { makeSlots } from '../../../src/activities/ssh/slots.ts';

const never = new AbortController().signal;

test('so many at a time, the others in line, and told when nobody is left', async () => {
  let idle = 0;
  const slots = makeSlots(2, () => {
    idle += 1;
  });
  const order: number[] = [];
  const [first, second] = [await slots.take(never), await slots.take(never)];
  const later = [3, 4].map(async (number) => {
    const release = await slots.take(never);
    order.push(number);
    return release;
  });
  expect(slots.busy()).toBe(4);
  first();
  (await later[0])?.();
  (await later[1])?.();
  expect(order).toEqual([3, 4]);
  expect(idle).toBe(0);
  second();
  expect(idle).toBe(1);
  expect(slots.busy()).toBe(0);
});

test('who is aborted leaves the line', async () => {
  const slots = makeSlots(1, () => undefined);
  const release = await slots.take(never);
  const controller = new AbortController();
  const waiting = slots.take(controller.signal);
  controller.abort(new Error('enough'));
  await expect(waiting).rejects.toThrow('enough');
  await expect(slots.take(controller.signal)).rejects.toThrow('enough');
  expect(slots.busy()).toBe(1);
  release();
  (await slots.take(never))();
});
