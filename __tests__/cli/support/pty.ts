/** Programs in a terminal of their own, which Python gives: Node has none. */
import { execa } from "execa";
import { expect, onTestFinished } from "vitest";
import { findToolchain } from "../../../src/local/toolchain";
import { Screen } from "./screen";

/**
 * Runs a command in a new terminal and copies its bytes to stdout. A line on stdin is written to
 * the terminal, but `size C R`, which changes the window, and tells the program so.
 */
const TERMINAL = `
import fcntl, os, pty, select, struct, sys, termios
def size(columns, rows):
    fcntl.ioctl(terminal if pid else 0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
pid, terminal = pty.fork()
if pid == 0:
    size(int(sys.argv[1]), int(sys.argv[2]))
    os.execvp(sys.argv[3], sys.argv[3:])
heard = b""
while True:
    ready, _, _ = select.select([terminal, 0], [], [])
    if 0 in ready:
        data = os.read(0, 65536)
        if not data:
            break
        heard += data
        while b"\\n" in heard:
            line, heard = heard.split(b"\\n", 1)
            if line.startswith(b"size "):
                size(*map(int, line.split()[1:]))
            else:
                os.write(terminal, line + b"\\n")
    if terminal in ready:
        try:
            data = os.read(terminal, 65536)
        except OSError:
            break
        if not data:
            break
        os.write(1, data)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
`;

/** A program under way in a terminal. */
export interface InTerminal {
  readonly screen: Screen;
  /** All that came, byte for byte. */
  bytes(): string;
  /** Resolves when a row of the screen matches. */
  shows(text: RegExp): Promise<void>;
  type(line: string): void;
  resize(columns: number, rows: number): void;
  kill(signal: NodeJS.Signals): void;
  readonly exitCode: Promise<number>;
}

/** Starts the command in a terminal of this size; it ends with the test. */
export async function inTerminal(
  columns: number,
  rows: number,
  command: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<InTerminal> {
  const { python } = await findToolchain(process.env);
  const child = execa(python.path, ["-c", TERMINAL, `${columns}`, `${rows}`, ...command], {
    env: { NO_COLOR: undefined, FORCE_COLOR: undefined, TERM: "xterm-256color", ...env },
    reject: false,
    encoding: "buffer",
  });
  onTestFinished(() => void child.kill());
  const screen = new Screen(columns, rows);
  let bytes = "";
  const listeners = new Set<() => void>();
  const decoder = new TextDecoder();
  let isOver = false;
  const tell = () => {
    for (const listener of listeners) listener();
  };
  child.stdout.on("data", (chunk: Buffer) => {
    const text = decoder.decode(chunk, { stream: true });
    bytes += text;
    screen.write(text);
    tell();
  });
  const exitCode = child.then((ended) => {
    isOver = true;
    tell();
    return ended.exitCode ?? -1;
  });
  return {
    screen,
    bytes: () => bytes,
    shows: (text) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (screen.text.some((line) => text.test(line))) resolve();
          else if (isOver)
            reject(new Error(`it ended without ${text}:\n${screen.text.join("\n")}`));
          else return;
          listeners.delete(look);
        };
        listeners.add(look);
        look();
      }),
    type: (line) => void child.stdin.write(`${line}\n`),
    resize(newColumns, newRows) {
      screen.resize(newColumns, newRows);
      child.stdin.write(`size ${newColumns} ${newRows}\n`);
    },
    kill: (signal) => {
      expect(bytes).toMatch(/pid (\d+)/);
      process.kill(Number(/pid (\d+)/.exec(bytes)?.[1]), signal);
    },
    exitCode,
  };
}
