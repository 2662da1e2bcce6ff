import { runCommand } from "../command-line/run";
import { HELP, writeNew } from "./new";

void runCommand((args) => writeNew(args, process.cwd(), (text) => process.stdout.write(text)), HELP);
