/** What an environment is expected to do in a day: the estimate of its cost is made from it. */
import { z } from "zod";

const amount = (most: number, unit: string) => {
  const expected = `a number of ${unit} from 0 to ${most}`;
  return z.number(expected).min(0, expected).max(most, expected);
};

export const workload = z.strictObject(
  {
    /** As they land in raw/, before any compression of ours. */
    gb_per_day: amount(1_000_000, "GB").default(1),
    files_per_day: amount(1_000_000_000, "files").default(100),
    /** Runs of the pipeline; files that come within one batch window share one. */
    runs_per_day: amount(10_000, "runs").default(4),
    queries_per_day: amount(10_000_000, "queries").default(20),
    /** That one query reads, after partitions and columns were pruned. */
    gb_per_query: amount(1_000_000, "GB").default(0.1),
    /**
     * Executors' vCPU-hours for one GB of raw data. By default the template's own benchmark: 500 MB
     * of JSON in 5 to 8 minutes on three executors of 2 vCPU. What `lake run` says of a real run is
     * better.
     */
    vcpu_hours_per_gb: amount(100, "vCPU-hours").default(1.3),
  },
  "a map, such as { gb_per_day = 5 }",
);

/** Keys of a workload. */
export const WORKLOAD_KEYS = Object.keys(workload.shape);

export type Workload = z.infer<typeof workload>;
