import { engineLog } from "../engine";
import { runPlugin } from "../plugin";
import { HelmReleases } from "./helm/releases";
import { withReleases } from "./helm/with-releases";
import { KubernetesProvider } from "./provider";

const engine = engineLog(process.argv.at(-1) ?? "");
void runPlugin(withReleases(new KubernetesProvider(engine), new HelmReleases(engine, process.env.SANDBOX_DAEMON_SOCKET)));
