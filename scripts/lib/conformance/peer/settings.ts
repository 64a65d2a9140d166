import { isJsonObject, type Json, type JsonObject } from '../../../../src/contracts/json.ts';
import type { Model } from '../../../../src/language/index.ts';
import { utcOf } from '../../../../src/language/sections/schedule-times.ts';
import type { View } from './view.ts';

/** The settings of deployments, with the times of schedules as they are in UTC. */
export function settingsOf({ blueprint }: Model, view: View): JsonObject {
  if (blueprint.deploymentSettings === null) return {};
  const settings = Object(view.value(blueprint.deploymentSettings.body, {}));
  const schedules = Object.entries(Object(settings.default_schedules ?? {})).map(([name, schedule]) => {
    return [name, scheduleOf(Object(schedule))];
  });
  return { ...settings, default_schedules: Object.fromEntries(schedules) };
}

function scheduleOf({ timezone = null, ...rest }: JsonObject): JsonObject {
  const zone = typeof timezone === 'string' ? timezone : null;
  const time = (value: Json | undefined): Json =>
    typeof value === 'string' ? utcOf(value, zone) : (value ?? null);
  const until: JsonObject = isJsonObject(rest) && 'until' in rest ? { until: time(rest['until']) } : {};
  return { ...rest, since: time(rest['since']), ...until };
}
