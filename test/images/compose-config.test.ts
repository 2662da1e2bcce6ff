import { expect } from "chai";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { compile } from "../../sandbox/toolchain/compile/compile";
import { findGo } from "../../sandbox/toolchain/compile/go";
import { homeOf } from "../../sandbox/home";
import { kept } from "../../sandbox/toolchain/kept";
import { must, run } from "./engine/run";
import { ROOT } from "./images";

const FILE = path.join(ROOT, "docker/compose.yaml");
/** Go module that requires Docker Compose, at a fixed version. */
const MODULE = path.join(__dirname, "compose");

interface Service {
    readonly image: string;
    readonly build?: { readonly additional_contexts?: Readonly<Record<string, string>> };
    readonly environment?: Readonly<Record<string, string | null>>;
    readonly volumes?: readonly { readonly source: string; readonly target: string }[];
    readonly shm_size?: string;
    readonly deploy?: { readonly resources: { readonly reservations: { readonly devices: readonly object[] } } };
}

describe("docker/compose.yaml, read by Docker Compose", () => {
    let compose = "";

    before(async function () {
        this.timeout(30 * 60_000);
        const { cache } = homeOf(ROOT);
        const folder = path.join(cache, "compose-2.40.3");
        const build = { module: "compose", packages: ["github.com/docker/compose/v2/cmd"], ldflags: "-s -w" };
        await kept(folder, async (into) => {
            const options = { go: await findGo(cache), cache, module: MODULE, folder: into, log: `${folder}.log` };
            await compile(build, { ...options, progress: () => undefined });
        });
        compose = path.join(folder, "cmd");
    });

    /** Services of a profile, with all defaults and variables. */
    async function services(profile?: string, env: Readonly<Record<string, string>> = {}): Promise<Readonly<Record<string, Service>>> {
        const selected = profile === undefined ? [] : ["--profile", profile];
        const text = await must(compose, ["--file", FILE, ...selected, "config", "--format", "json"], env);
        return (JSON.parse(text) as { services: Record<string, Service> }).services;
    }

    const DEFAULT = ["inference", "redis", "tensorboard", "worker"];
    for (const [profile, more] of [
        [undefined, []],
        ["train", ["train"]],
        ["train-gpu", ["train-gpu"]],
        ["gpu", ["inference-gpu", "worker-gpu"]],
        ["database", ["postgres"]],
    ] as const) {
        it(`has the services of ${profile === undefined ? "no profile" : `the profile ${profile}`}`, async () => {
            expect(Object.keys(await services(profile))).to.have.members([...DEFAULT, ...more]);
        });
    }

    it("reserves one GPU for each service that needs one, and no GPU for the others", async () => {
        const all = { ...(await services("train")), ...(await services("train-gpu")), ...(await services("gpu")) };
        const withGpu = Object.entries(all).filter(([, { deploy }]) => deploy !== undefined);
        expect(withGpu.map(([name]) => name)).to.have.members(["train-gpu", "inference-gpu", "worker-gpu"]);
        for (const [name, { deploy }] of withGpu) {
            expect(deploy?.resources.reservations.devices, name).to.deep.equal([{ capabilities: ["gpu"], driver: "nvidia", count: 1 }]);
        }
    });

    it("trains with 8 GiB of shared memory, passes the W&B key, and mounts the given folders", async () => {
        const { train } = await services("train", { WANDB_API_KEY: "a-key", CONFIG: "/my/config", DATA: "/my/data" });
        expect(train?.shm_size).to.equal(String(8 * 2 ** 30));
        expect(train?.environment).to.include({ WANDB_API_KEY: "a-key", RUN_ID: "local" });
        expect(train?.volumes?.map(({ source, target }) => `${source}:${target}`)).to.have.members([
            "/my/config:/config",
            "/my/data:/data",
            "checkpoints:/checkpoints",
        ]);
        expect(train?.build?.additional_contexts).to.deep.equal({ common: path.join(ROOT, "docker/common") });
        const { inference } = await services(undefined, { MODELS: "/my/models", CONFIG: "/my/config" });
        expect(inference?.volumes?.map(({ source, target }) => `${source}:${target}`)).to.have.members([
            "/my/config:/config",
            "/my/models:/models",
        ]);
    });

    it("is rejected if it contains an error", async () => {
        const folder = fs.mkdtempSync(path.join(os.tmpdir(), "compose-"));
        const text = fs.readFileSync(FILE, "utf8");
        for (const [from, to, message] of [
            ["stop_grace_period: 15s", "stop_grace_periode: 15s", /stop_grace_periode/],
            ["- checkpoints:/checkpoints", "- checkpoint:/checkpoints", /undefined volume checkpoint/],
            ["redis:\n                condition", "radis:\n                condition", /depends on undefined service "radis"/],
        ] as const) {
            const file = path.join(folder, "compose.yaml");
            fs.writeFileSync(file, text.replace(from, to));
            const { code, stderr } = await run(compose, ["--file", file, "--profile", "train", "config", "--quiet"]);
            expect(code, stderr).to.equal(1);
            expect(stderr).to.match(message);
        }
        fs.rmSync(folder, { recursive: true });
    });
});
