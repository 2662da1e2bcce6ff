import { randomBytes } from "node:crypto";
import { Builder } from "./engine/builder";
import { Engine } from "./engine/engine";
import { Workshop } from "./engine/workshop";
import { IMAGES, type ImageName, Images } from "./images";

/** Resources that all tests of this folder share. */
export interface Shared {
    readonly workshop: Workshop;
    readonly builder: Builder;
    readonly engine: Engine;
    readonly images: Images;
    /** Ten secrets for the builds. */
    readonly canaries: Readonly<Record<ImageName, readonly string[]>>;
}

let open: Shared | undefined;

export function shared(): Shared {
    if (open === undefined) {
        throw new Error("the builder was not started: is hooks.ts required, and does this run as root on Linux?");
    }
    return open;
}

function canary(): string {
    return `canary-${randomBytes(12).toString("hex")}`;
}

function since(began: number): string {
    return `${((Date.now() - began) / 1000).toFixed(0)} s`;
}

let workshop: Workshop | undefined;

export const mochaHooks = {
    async beforeAll(this: Mocha.Context): Promise<void> {
        this.timeout(40 * 60_000); // Compiles the tools if they are not cached.
        if (process.platform !== "linux" || process.getuid?.() !== 0) {
            process.stdout.write("  The images are not tried: containers need Linux and root.\n");
            this.skip();
        }
        const began = Date.now();
        workshop = await Workshop.open();
        const builder = await Builder.start(workshop);
        const engine = await Engine.start(workshop);
        const canaries = {
            inference: [canary(), canary(), canary()],
            worker: [canary(), canary(), canary()],
            training: [canary(), canary(), canary(), canary()],
        };
        const images = new Images(builder, canaries);
        open = { workshop, builder, engine, images, canaries };
        process.stdout.write(`  Builder and engine run after ${since(began)}; building ${IMAGES.join(", ")} …\n`);
        for (const image of IMAGES) {
            await images.get(image);
        }
        process.stdout.write(`  Built after ${since(began)}.\n`);
    },
    async afterAll(this: Mocha.Context): Promise<void> {
        this.timeout(120_000);
        await open?.engine.close();
        await workshop?.close();
    },
};
