import { expect } from "chai";
import { HARDENED } from "./hardening";
import { shared } from "./hooks";
import { IMAGES } from "./images";

const PROBE = `
import getpass, json, os
status = dict(line.rstrip().split(":", 1) for line in open("/proc/self/status"))
def writable(folder):
    try:
        open(folder + "/probe", "w").close()
        return True
    except OSError:
        return False
modules = [name for name in os.listdir("/opt/packages") if name.startswith(("nvidia", "triton", "torch"))]
print(json.dumps({"user": getpass.getuser(), "uid": os.getuid(), "gid": os.getgid(), "capabilities": int(status["CapBnd"], 16) | int(status["CapEff"], 16),
    "noNewPrivileges": status["NoNewPrivs"].strip(), "writable": [f for f in ("/", "/app", "/opt/packages", "/etc", "/tmp") if writable(f)], "gpu": modules}))
`;

/** Name of the user in each image. Some libraries look it up and fail if it is missing. */
const USERS = { inference: "service", training: "trainer", worker: "consumer" } as const;

describe("every image", () => {
    for (const image of IMAGES) {
        it(`${image} runs as uid 1000 on a read-only root without capabilities, and contains no GPU packages`, async () => {
            const { engine, images } = shared();
            const container = await engine.start((await images.get(image)).ref, [...HARDENED, "--entrypoint", "python3"], ["-c", PROBE]);
            expect(await container.ended()).to.equal(0);
            expect(JSON.parse((await container.logs()).out)).to.deep.equal({
                user: USERS[image],
                uid: 1000,
                gid: 1000,
                capabilities: 0,
                noNewPrivileges: "1",
                writable: ["/tmp"],
                gpu: [],
            });
            await container.remove();
        });
    }

    it("fails these checks without the options", async () => {
        const { engine, images } = shared();
        const container = await engine.start(
            (await images.get("inference")).ref,
            ["--user", "0", "--entrypoint", "python3"],
            ["-c", PROBE],
        );
        await container.ended();
        const shown = JSON.parse((await container.logs()).out) as Record<string, unknown>;
        expect(shown).to.deep.include({ uid: 0, noNewPrivileges: "0", writable: ["/", "/app", "/opt/packages", "/etc", "/tmp"] });
        expect(shown.capabilities).to.be.greaterThan(0);
        await container.remove();
    });
});
