import { runCommand } from "../command-line/run";
import { bootstrapProject, HELP } from "./bootstrap";

void runCommand((args) => bootstrapProject(args, process.cwd(), (text) => process.stdout.write(text)), HELP);
