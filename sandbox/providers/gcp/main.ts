import { runPlugin } from "../plugin";
import { gcpProvider } from "./gcp-provider";

void runPlugin(gcpProvider(process.env.SANDBOX_CLOUD_SOCKET));
