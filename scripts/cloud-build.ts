import { cloudBuild } from "./build/cloud-build";
import { runCommand } from "./command-line/run";

void runCommand(() => cloudBuild(process.argv.slice(2), process.cwd(), (text) => process.stdout.write(text)));
