/** AWS's clock beside this machine's: whose times are compared with a history's must be known. */
import { ListExecutionsCommand, type SFNClient } from "@aws-sdk/client-sfn";

/** Milliseconds by which AWS's clock is ahead of this machine's. */
export async function clockOffset(sfn: SFNClient, stateMachineArn: string): Promise<number> {
  let date: string | undefined;
  const command = new ListExecutionsCommand({ stateMachineArn, maxResults: 1 });
  command.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      const { headers } = result.response as { headers?: Record<string, string> };
      date = headers?.date;
      return result;
    },
    { step: "deserialize" },
  );
  const sentAt = Date.now();
  await sfn.send(command);
  return offsetOf(sentAt, Date.now(), date);
}

/**
 * What an answer's Date header says, which has whole seconds: nothing, where both clocks may be
 * right.
 */
export function offsetOf(sentAt: number, heardAt: number, date: string | undefined): number {
  const second = Date.parse(date ?? "");
  if (Number.isNaN(second)) return 0;
  const least = second - heardAt;
  const most = second + 1000 - sentAt;
  return least <= 0 && most >= 0 ? 0 : Math.round((least + most) / 2);
}
