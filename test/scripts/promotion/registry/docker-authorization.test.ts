import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { expect } from "chai";
import { dockerAuthorization } from "../../../../scripts/promotion/registry/docker-authorization";

const HELPER = `#!/bin/sh
read -r server
[ "$1 $server" = "get registry.example" ] || exit 1
printf '{"ServerURL":"%s","Username":"ann","Secret":"pass"}' "$server"
`;

describe("Docker's credentials", () => {
    let folder: string;
    const { DOCKER_CONFIG, PATH } = process.env;

    beforeEach(() => {
        folder = mkdtempSync(path.join(tmpdir(), "docker-"));
        Object.assign(process.env, { DOCKER_CONFIG: folder, PATH: `${folder}:${PATH ?? ""}` });
        writeFileSync(path.join(folder, "docker-credential-test"), HELPER, { mode: 0o755 });
    });
    afterEach(() => {
        rmSync(folder, { recursive: true });
        process.env.PATH = PATH;
        if (DOCKER_CONFIG === undefined) {
            delete process.env.DOCKER_CONFIG;
        } else {
            process.env.DOCKER_CONFIG = DOCKER_CONFIG;
        }
    });

    const of = (config: object, host = "registry.example"): Promise<string | undefined> => {
        writeFileSync(path.join(folder, "config.json"), JSON.stringify(config));
        return dockerAuthorization(host);
    };
    const ann = `Basic ${Buffer.from("ann:pass").toString("base64")}`;

    it("come from the helper of the registry, else from the store, else from the file", async () => {
        expect(await of({ credHelpers: { "registry.example": "test" } })).to.equal(ann);
        expect(await of({ credsStore: "test" })).to.equal(ann);
        expect(await of({ auths: { "registry.example": { auth: "YW5uOnBhc3M=" } } })).to.equal(ann);
    });

    it("are empty if Docker has no credentials", async () => {
        expect(await dockerAuthorization("registry.example")).to.equal(undefined);
        expect(await of({})).to.equal(undefined);
        expect(await of({ credsStore: "test" }, "other.example")).to.equal(undefined);
        expect(await of({ credsStore: "missing" })).to.equal(undefined);
        expect(await of({ auths: [] })).to.equal(undefined);
        // A helper that exits before it has read its whole input.
        writeFileSync(path.join(folder, "docker-credential-test"), "#!/bin/sh\nexit 1\n", { mode: 0o755 });
        expect(await of({ credsStore: "test" }, "h".repeat(1_000_000))).to.equal(undefined);
    });
});
