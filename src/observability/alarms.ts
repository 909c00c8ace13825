/** Every alarm of a lake, as data. */
import type { Alarm } from "./alarm";
import { type DeliveryAlarmsProps, deliveryAlarms } from "./delivery-alarms";
import { type JobAlarmsProps, jobAlarms } from "./job-alarms";
import { type SourceAlarmsProps, sourceAlarms } from "./source-alarms";

export type AlarmsProps = JobAlarmsProps & DeliveryAlarmsProps & SourceAlarmsProps;

/** All of them, in the order in which data passes what they watch, those of sources last. */
export function alarmsOf(props: AlarmsProps): Alarm[] {
  return [...deliveryAlarms(props), ...jobAlarms(props), ...sourceAlarms(props)];
}
