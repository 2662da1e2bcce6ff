import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { cgroupOf, makeCgroup, removeCgroup } from "../../../sandbox/cluster/node/cgroups";
import { type Home, homeOf } from "../../../sandbox/home";
import { makeCredentials } from "../../../sandbox/identity/credentials";
import { killLeftovers, marker } from "../../../sandbox/host/leftovers";
import { Ports } from "../../../sandbox/host/ports";
import { Processes } from "../../../sandbox/host/processes";
import { mountShortPath, unmountShortPath } from "../../../sandbox/host/short-path";
import { install } from "../../../sandbox/toolchain/install";
import { linkTools } from "../../../sandbox/toolchain/link";
import { TOOLSETS } from "../../../sandbox/toolchain/toolsets";

/**
 * A temporary folder for the builder and the engine of one test run, with the layout of a sandbox's home: the sandbox's programs, a short path for
 * sockets, and a mark on every started process, so that the end of the run can stop all of them.
 */
export class Workshop {
    readonly home: Home;
    readonly processes: Processes;
    readonly ports: Ports;

    private constructor(home: Home) {
        this.home = home;
        this.processes = new Processes(home.logs, marker(home));
        this.ports = new Ports(path.join(home.run, "ports.json"));
    }

    static async open(): Promise<Workshop> {
        const home = homeOf(fs.mkdtempSync(path.join(os.tmpdir(), "images-")));
        mountShortPath(home);
        for (const toolset of TOOLSETS) {
            await install(toolset, home.cache, () => undefined);
        }
        linkTools(home);
        makeCredentials(home);
        makeCgroup(cgroupOf(home.id));
        const workshop = new Workshop(home);
        // A run that is interrupted also removes everything, even if a terminal and npm both send the signal.
        let ending: Promise<void> | undefined;
        for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
            process.on(signal, () => {
                ending ??= workshop.close().finally(() => process.exit(1));
            });
        }
        return workshop;
    }

    /** Creates a folder for files of a test that builds and containers read. Returns its short path. */
    folder(name: string): string {
        const folder = path.join(this.home.run, "work");
        fs.mkdirSync(folder, { recursive: true });
        return fs.mkdtempSync(path.join(folder, `${name}-`));
    }

    /** Stops everything that was started and removes the folder. */
    async close(): Promise<void> {
        await this.processes.stopAll();
        await killLeftovers(this.home);
        await removeCgroup(cgroupOf(this.home.id));
        unmountShortPath(this.home);
        fs.rmSync(this.home.clone, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    }
}
