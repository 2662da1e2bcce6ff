import { daemonStatus } from "../daemon/client";
import type { Home } from "../home";

/** Prints the status of the sandbox. Exits with 3 if it is not running, the status of a stopped service (LSB). */
export async function status(home: Home): Promise<number> {
    const daemon = await daemonStatus(home);
    if (daemon === undefined) {
        process.stdout.write("The sandbox is not running. Start it with `npm start`.\n");
        return 3;
    }
    process.stdout.write(
        `The sandbox is running (daemon ${daemon.pid}, registry ${daemon.registry}, Google's API http://${daemon.api}).\n\nProcesses\n`,
    );
    for (const service of daemon.services) {
        const again = service.restarts === 0 ? "" : `, restarted ${service.restarts} times`;
        process.stdout.write(`  ${service.name.padEnd(34)} ${String(service.pid).padStart(7)}  since ${service.startedAt}${again}\n`);
    }
    for (const cluster of daemon.clusters) {
        process.stdout.write(`\nCluster ${cluster.name} (https://${cluster.endpoint})\n`);
        for (const node of cluster.nodes) {
            process.stdout.write(
                `  node ${node.name.padEnd(29)} pool ${node.pool}, ${node.ready ? "ready" : "not ready"}${node.simulated ? ", simulated" : ""}\n`,
            );
        }
        for (const door of cluster.frontDoors) {
            process.stdout.write(`  ${`${door.namespace}/${door.service}`.padEnd(34)} http://${door.address}\n`);
        }
        for (const note of cluster.notes) {
            process.stdout.write(`  note: ${note}\n`);
        }
    }
    process.stdout.write(`\nLogs: ${home.root}/logs\n`);
    return 0;
}
