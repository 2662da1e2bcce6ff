import { cloudBuild, HELP } from "./build/cloud-build";
import { runCommand } from "./command-line/run";

void runCommand((args) => cloudBuild(args, process.cwd(), (text) => process.stdout.write(text)), HELP);
