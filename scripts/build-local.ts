import { buildLocal, HELP } from "./build/build-local";
import { runCommand } from "./command-line/run";

void runCommand((args) => buildLocal(args, process.cwd(), (text) => process.stdout.write(text)), HELP);
