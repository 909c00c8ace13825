/** The `lake` command, from its arguments to its exit code. */
import { CommanderError } from "commander";
import { report } from "./problems";
import { createProgram } from "./program";

// A reader that has seen enough (`lake query … | head`) is no error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

try {
  await createProgram().parseAsync(process.argv);
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode;
  } else {
    report(error);
    process.exitCode = 1;
  }
}
