import { Listr, type ListrTask, type ListrTaskWrapper, PRESET_TIMER } from "listr2";
import { type DaemonStatus, ensureDaemon } from "../daemon/client";
import type { Home } from "../home";
import { obstacles } from "../host/preflight";
import { installPlugins } from "../pulumi/plugins";
import { prepareHome } from "../pulumi/prepare";
import { stackProject } from "../pulumi/stacks";
import { protectedUrns } from "../pulumi/state";
import { baseRootfs, hasBaseImage, pushBaseImage, reachesDockerHub } from "../registry/base-image";
import { mountShortPath } from "../host/short-path";
import { printSummary } from "../summary/print";
import { areToolsCached } from "../toolchain/ensure";
import { install } from "../toolchain/install";
import { linkTools } from "../toolchain/link";
import { TOOLSETS, type Toolset } from "../toolchain/toolsets";
import { enableApis } from "./enable-apis";
import { DEFAULT_STACK, pulumi } from "./pulumi";

/** Interval between progress lines. A terminal redraws its lines; a log gets a line now and then to show progress. */
const PROGRESS_EVERY_MS = process.stdout.isTTY ? 200 : 20_000;

interface Context {
    /** Folder with the substitute for the base image; undefined if the official image can be pulled. */
    rootfs?: string;
    daemon?: DaemonStatus;
}

/** Starts all parts of the sandbox that are not running, and deploys the stack. */
export async function start(home: Home): Promise<number> {
    const inTheWay = obstacles(home, areToolsCached(home));
    if (inTheWay.length > 0) {
        throw new Error(inTheWay.join("\n"));
    }
    mountShortPath(home);
    await steps(home).run({});
    process.stdout.write("\nBringing the stack up: pulumi up\n");
    // A preview refuses to delete protected resources. An update without one would delete other resources first.
    const isProtected = protectedUrns(home, DEFAULT_STACK).length > 0;
    const code = await pulumi(home, ["up", "--yes", ...(isProtected ? [] : ["--skip-preview"])]);
    if (code === 0) {
        await printSummary(home);
    }
    return code;
}

function steps(home: Home): Listr<Context> {
    return new Listr<Context>(
        [
            {
                title: "Tools and base image (built once, then cached)",
                task: (_, task) => task.newListr<Context>([toolsStep(home), baseStep(home)], { concurrent: true }),
            },
            {
                title: "Pulumi and its providers",
                task: async () => {
                    linkTools(home);
                    prepareHome(home);
                    await installPlugins(home);
                },
            },
            {
                title: "Simulated Google Cloud: registry, BuildKit, API",
                task: async (context) => {
                    context.daemon = await ensureDaemon(home);
                },
            },
            {
                title: "APIs of the project",
                task: async ({ daemon }, task) => {
                    const project = stackProject(home, DEFAULT_STACK);
                    if (daemon !== undefined && project !== undefined) {
                        await enableApis(home, daemon, project);
                        task.title = `APIs of the project ${project}`;
                    }
                },
            },
            {
                title: "Base image in the registry",
                skip: ({ rootfs }) => (rootfs === undefined ? "Docker Hub is reachable, so the official base image is used" : false),
                task: async ({ rootfs, daemon }) => {
                    const port = Number(daemon?.registry.split(":")[1]);
                    if (rootfs !== undefined && !(await hasBaseImage(home, port))) {
                        await pushBaseImage(home, port, rootfs);
                    }
                },
            },
        ],
        {
            rendererOptions: { timer: PRESET_TIMER, collapseSubtasks: false },
            fallbackRendererOptions: { timer: PRESET_TIMER },
            fallbackRenderer: "simple",
        },
    );
}

/** Installs the tools sequentially, because each compilation uses all processors. */
function toolsStep(home: Home): ListrTask<Context> {
    return {
        title: "Tools",
        task: (_, task) =>
            task.newListr<Context>(
                TOOLSETS.map((toolset) => toolStep(home, toolset)),
                { concurrent: false },
            ),
    };
}

function toolStep(home: Home, toolset: Toolset): ListrTask<Context> {
    return {
        title: toolset.title,
        task: async (_, task) => {
            const origin = await install(toolset, home.cache, progressOf(task));
            task.title = `${toolset.title} (${origin})`;
        },
    };
}

function baseStep(home: Home): ListrTask<Context> {
    return {
        title: "Base image",
        task: async (context, task) => {
            if (await reachesDockerHub()) {
                task.title = "Base image (from Docker Hub)";
                return;
            }
            context.rootfs = await baseRootfs(home.cache, progressOf(task));
            task.title = "Base image (built from Debian packages, because Docker Hub cannot be reached)";
        },
    };
}

/** Shows lines as the output of a step, at a readable rate. */
function progressOf(task: Pick<ListrTaskWrapper<unknown, never, never>, "output">): (line: string) => void {
    let last = 0;
    return (line) => {
        if (Date.now() - last >= PROGRESS_EVERY_MS) {
            last = Date.now();
            task.output = line;
        }
    };
}
