import { runCommand } from "./command-line/run";
import { HELP, promote } from "./promotion/promote";

void runCommand((args) => promote(args, process.cwd(), (text) => process.stdout.write(text)), HELP);
