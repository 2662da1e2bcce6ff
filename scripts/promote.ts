import { runCommand } from "./command-line/run";
import { promote } from "./promotion/promote";

void runCommand(() => promote(process.argv.slice(2), process.cwd(), (text) => process.stdout.write(text)));
