import { engineLog } from "../engine";
import { runPlugin } from "../plugin";
import { KubernetesProvider } from "./provider";

void runPlugin(new KubernetesProvider(engineLog(process.argv.at(-1) ?? "")));
