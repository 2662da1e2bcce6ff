import { randomBytes } from "node:crypto";
import { Builder } from "./engine/builder";
import { Engine } from "./engine/engine";
import { Workshop } from "./engine/workshop";
import { type ImageName, Images } from "./images";

/** What all tests of this folder share. */
export interface Shared {
    readonly workshop: Workshop;
    readonly builder: Builder;
    readonly engine: Engine;
    readonly images: Images;
    /** Ten secrets that were given to the builds. */
    readonly canaries: Readonly<Record<ImageName, readonly string[]>>;
}

let open: Shared | undefined;

export function shared(): Shared {
    if (open === undefined) throw new Error("there is no builder: is hooks.ts required, and does this run as root on Linux?");
    return open;
}

function canary(): string {
    return `canary-${randomBytes(12).toString("hex")}`;
}

let workshop: Workshop | undefined;

export const mochaHooks = {
    async beforeAll(this: Mocha.Context): Promise<void> {
        this.timeout(40 * 60_000); // with nothing cached, the tools are compiled
        if (process.platform !== "linux" || process.getuid?.() !== 0) {
            process.stdout.write("  The images are not tried: containers need Linux and root.\n");
            this.skip();
        }
        workshop = await Workshop.open();
        const builder = await Builder.start(workshop);
        const engine = await Engine.start(workshop);
        const canaries = {
            inference: [canary(), canary(), canary()],
            worker: [canary(), canary(), canary()],
            training: [canary(), canary(), canary(), canary()],
        };
        open = { workshop, builder, engine, images: new Images(builder, canaries), canaries };
        for (const image of ["inference", "worker", "training"] as const) await open.images.get(image);
    },
    async afterAll(this: Mocha.Context): Promise<void> {
        this.timeout(120_000);
        await open?.engine.close();
        await workshop?.close();
    },
};
