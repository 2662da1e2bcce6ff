import { engineLog } from "../engine";
import { runPlugin } from "../plugin";
import { gcpProvider } from "./gcp-provider";

const engine = engineLog(process.argv.at(-1) ?? "");

void runPlugin(
    gcpProvider(process.env.SANDBOX_CLOUD_SOCKET, (urn, message) => {
        engine.log("info", urn, message);
    }),
);
