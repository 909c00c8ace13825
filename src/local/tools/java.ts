/** The Java that Spark runs on. */
import { existsSync, readdirSync, realpathSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { ask, type Found, isExecutable, onPath } from "./search";

/** A Java installation. */
export interface Java {
  /** What JAVA_HOME must say. */
  readonly home: string;
  /** Full version, such as `17.0.15`. */
  readonly version: string;
}

/** What Spark 3.5 is released for; 17 is EMR 7's. Java 24 and later cannot run its Hadoop at all. */
const FIT = [17, 11, 8];

/** Folders whose children are Java homes. */
const FOLDERS = [
  "/usr/lib/jvm",
  "/usr/java",
  "/opt/java",
  "/opt/homebrew/opt",
  "/usr/local/opt",
  "/home/linuxbrew/.linuxbrew/opt",
  "/Library/Java/JavaVirtualMachines",
  join(homedir(), "Library/Java/JavaVirtualMachines"),
  join(homedir(), ".sdkman/candidates/java"),
  join(homedir(), ".jdks"),
  join(homedir(), ".asdf/installs/java"),
  join(homedir(), ".local/share/mise/installs/java"),
];

/** Java named by JAVA_HOME, else on the PATH, else the fittest in the usual folders. */
export async function findJava(
  env: NodeJS.ProcessEnv,
  folders: readonly string[] = FOLDERS,
): Promise<Found<Java>> {
  const found: string[] = [];
  const judge = async (program: string, origin: string): Promise<Java | undefined> => {
    const answer = await probe(program, env);
    if ("java" in answer && FIT.includes(major(answer.java.version))) return answer.java;
    found.push(
      "java" in answer
        ? `${origin}${program} is Java ${answer.java.version}`
        : `${origin}${program} does not run: ${answer.problem}`,
    );
    return undefined;
  };
  const home = env.JAVA_HOME;
  if (home) {
    const program = join(home, "bin", "java");
    if (!isExecutable(program)) found.push(`JAVA_HOME=${home} has no bin/java`);
    else {
      const java = await judge(program, "JAVA_HOME: ");
      if (java) return { ok: true, tool: java };
    }
  }
  for (const program of onPath("java", env)) {
    const java = await judge(program, "PATH: ");
    if (java) return { ok: true, tool: java };
  }
  const others = await Promise.all(programsIn(folders).map((program) => probe(program, env)));
  const javas = others.flatMap((answer) => ("java" in answer ? [answer.java] : []));
  for (const wanted of FIT) {
    const java = javas.find((one) => major(one.version) === wanted);
    if (java) return { ok: true, tool: java };
  }
  found.push(...javas.map((java) => `${java.home} is Java ${java.version}`));
  return { ok: false, problem: problem([...new Set(found)]) };
}

function problem(found: readonly string[]) {
  return {
    wanted: "Java 17 (Java 11 and 8 do too)",
    reason: "Spark 3.5, the job's engine, is released for Java 8, 11 and 17; EMR 7 runs it on 17",
    found:
      found.length > 0
        ? found
        : ["no JAVA_HOME, no java on the PATH, none in /usr/lib/jvm and its like"],
    remedy: remedy(),
  };
}

function remedy(): string[] {
  if (process.platform === "darwin") return ["brew install openjdk@17"];
  if (process.platform === "win32") return ["winget install EclipseAdoptium.Temurin.17.JDK"];
  return [
    "Debian, Ubuntu: sudo apt install openjdk-17-jre-headless",
    "Fedora, RHEL, Amazon Linux: sudo dnf install java-17-openjdk-headless",
    "every system: https://adoptium.net/temurin/releases/?version=17",
    "if it is installed in a folder of its own: export JAVA_HOME=<that folder>",
  ];
}

/** Asks Java itself where its home is: what the PATH holds may be a link or a version manager. */
async function probe(
  program: string,
  env: NodeJS.ProcessEnv,
): Promise<{ java: Java } | { problem: string }> {
  const { all } = await ask(program, ["-XshowSettings:properties", "-version"], env);
  const home = /^\s*java\.home = (.+)$/m.exec(all)?.[1]?.trim();
  const version = /^\s*java\.version = (.+)$/m.exec(all)?.[1]?.trim();
  if (home === undefined || version === undefined)
    return { problem: all.split("\n")[0] || "no answer" };
  // Java 8 names the JRE inside the JDK, which has no `javac`; Spark needs none.
  return { java: { home, version } };
}

/** `1.8.0_392` is 8, `17.0.15` is 17. */
function major(version: string): number {
  const [first, second] = version.split(/[._\-+]/).map(Number);
  return (first === 1 ? second : first) ?? Number.NaN;
}

function programsIn(folders: readonly string[]): string[] {
  const homes = folders.filter(existsSync).flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => !/opt$/.test(folder) || name.startsWith("openjdk"))
      .sort()
      .map((name) => join(folder, name)),
  );
  const programs = homes
    .flatMap((home) => [
      join(home, "bin", "java"),
      join(home, "Contents", "Home", "bin", "java"),
      join(home, "libexec", "openjdk.jdk", "Contents", "Home", "bin", "java"),
    ])
    .filter(isExecutable)
    .map((program) => realpathSync(program));
  return [...new Set(programs)];
}
