// A child in a session of its own, as a pseudo-terminal gives one to its program.
import { spawn } from "node:child_process";

const child = spawn("sleep", ["600"], { detached: true, stdio: "ignore" });
console.log(`${process.ppid} ${process.pid} ${child.pid}`);
setInterval(() => {}, 1000);
