import { buildLocal } from "./build/build-local";
import { runCommand } from "./command-line/run";

void runCommand(() => buildLocal(process.argv.slice(2), process.cwd(), (text) => process.stdout.write(text)));
