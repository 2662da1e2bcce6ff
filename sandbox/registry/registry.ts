import * as fs from "node:fs";
import * as path from "node:path";
import { stringify } from "yaml";
import type { Home } from "../home";
import type { Service } from "../processes";

/** The OCI registry that stands in for Artifact Registry: one server, whose repositories are the paths of image names. */
export function registryService(home: Home, port: number): Service {
    const config = path.join(home.run, "registry.yaml");
    fs.writeFileSync(
        config,
        stringify({
            version: "0.1",
            log: { level: "warn", accesslog: { disabled: true } },
            storage: {
                filesystem: { rootdirectory: path.join(home.run, "registry") },
                delete: { enabled: true },
                cache: { blobdescriptor: "inmemory" },
            },
            http: { addr: `127.0.0.1:${String(port)}` },
        }),
    );
    return {
        name: "registry",
        command: path.join(home.tools, "registry"),
        args: ["serve", config],
        env: { OTEL_TRACES_EXPORTER: "none" },
        ready: async () => (await fetch(`http://127.0.0.1:${String(port)}/v2/`)).ok,
        readyWithinMs: 15_000,
    };
}
