import { expect } from "chai";
import * as fs from "node:fs";
import * as path from "node:path";
import { shippedSource } from "../../../components/images/shipped-images";
import { Builder, type Built } from "../engine/builder";
import { Engine } from "../engine/engine";
import { blobs } from "../engine/registry-client";
import { Workshop } from "../engine/workshop";
import { caBundle, COMMON, type ImageName, ROOT } from "../images";

const IMPORTS = fs.readFileSync(path.join(__dirname, "imports.py"), "utf8");

/** What `imports.py` prints. */
interface Found {
    readonly torch?: { readonly cuda: string; readonly architectures: readonly string[] };
    readonly providers?: readonly string[];
}

describe("images for CUDA on a machine without a GPU", () => {
    let workshop: Workshop | undefined;
    let builder: Builder;
    let engine: Engine | undefined;

    before(async function () {
        this.timeout(40 * 60_000); // with nothing cached, the tools are compiled
        if (process.platform !== "linux" || process.getuid?.() !== 0) {
            process.stdout.write("  The images are not built: containers need Linux and root.\n");
            this.skip();
        }
        workshop = await Workshop.open();
        builder = await Builder.start(workshop);
        engine = await Engine.start(workshop);
    });
    after(async () => {
        await engine?.close();
        await workshop?.close();
    });

    /** Builds an image as a stack with GPUs does, and prints how long it took and what a node pulls. */
    async function built(image: ImageName): Promise<Built> {
        const began = Date.now();
        const made = await builder.build({
            name: `${image}-cuda`,
            context: path.join(ROOT, "docker", image),
            named: { common: COMMON },
            target: shippedSource(image, "gpu")?.target ?? image,
            args: { ENABLE_GPU: "true", SOURCE_DATE_EPOCH: "315532800" },
            secrets: { "ca-bundle": caBundle() },
        });
        const seconds = ((Date.now() - began) / 1000).toFixed(0);
        const bytes = (await blobs(made)).reduce((sum, { size }) => sum + size, 0);
        process.stdout.write(`      ${image}: built in ${seconds} s, ${(bytes / 1e9).toFixed(2)} GB compressed with its base\n`);
        return made;
    }

    /** Runs `imports.py` in an image. */
    async function imported({ ref }: Built): Promise<{ code: number; out: string; err: string }> {
        const container = await (engine as Engine).start(ref, ["--entrypoint", "python3"], ["-c", IMPORTS]);
        const code = await container.ended();
        const { out, err } = await container.logs();
        await container.remove();
        await (engine as Engine).docker("image", "rm", "--force", ref);
        return { code, out, err };
    }

    /** Builds an image, loads its libraries, and frees the disk for the next one. */
    async function found(image: ImageName): Promise<Found> {
        const { code, out, err } = await imported(await built(image));
        await builder.forget();
        expect(code, err).to.equal(0);
        return JSON.parse(out) as Found;
    }

    for (const image of ["inference", "worker"] as const) {
        it(`${image} loads ONNX Runtime's CUDA provider with cuDNN and the other libraries`, async () => {
            const { providers, torch } = await found(image);
            expect(providers).to.include.members(["CUDAExecutionProvider", "CPUExecutionProvider"]);
            expect(torch).to.equal(undefined);
        });
    }

    it("training loads torch with the CUDA version of the driver check, and with code for every GPU from Volta to Blackwell", async () => {
        const { torch } = await found("training");
        const [, version] = /^CUDA_VERSION = "(\d+\.\d+)\.\d+"$/m.exec(fs.readFileSync(path.join(COMMON, "shared/cuda.py"), "utf8")) ?? [];
        expect(torch?.cuda).to.equal(version);
        expect(torch?.architectures).to.include.members(["sm_70", "sm_75", "sm_80", "sm_86", "sm_90", "sm_100", "sm_120"]);
    });

    it("fails for an image for CPUs", async () => {
        const { code, err } = await imported(
            await builder.build({
                name: "inference-cpu",
                context: path.join(ROOT, "docker/inference"),
                named: { common: COMMON },
                target: "cpu",
                secrets: { "ca-bundle": caBundle() },
            }),
        );
        expect({ code, err }).to.deep.equal({
            code: 1,
            err: "onnxruntime is built without CUDA: ['AzureExecutionProvider', 'CPUExecutionProvider']\n",
        });
    });
});
