import { type DaemonStatus, daemonStatus } from "../daemon/client";
import type { Home } from "../home";
import { accessToken } from "../identity/access-token";
import { runPulumi } from "../pulumi/run";
import { DEFAULT_STACK } from "../commands/pulumi";
import { servedImage } from "./images";
import { podLines } from "./pods";
import { SIMULATED } from "./simulated";

/**
 * A handwritten 7 from scikit-learn's digits, which is not in the training data of the reference model: 8 rows of 8 pixels from 0 (paper)
 * to 16 (ink).
 */
const SEVEN = [
    [0, 0, 2, 13, 16, 9, 0, 0],
    [0, 0, 12, 12, 7, 16, 3, 0],
    [0, 1, 14, 3, 0, 16, 4, 0],
    [0, 0, 0, 4, 10, 16, 6, 0],
    [0, 0, 0, 13, 16, 16, 9, 0],
    [0, 0, 0, 5, 13, 1, 0, 0],
    [0, 0, 0, 11, 9, 0, 0, 0],
    [0, 0, 1, 16, 4, 0, 0, 0],
];

/** Prints images, pods, addresses and the next steps. */
export async function printSummary(home: Home): Promise<void> {
    const { output } = await runPulumi(home, ["stack", "output", "--json", "--stack", DEFAULT_STACK], { capture: true });
    const outputs = JSON.parse(output) as { images?: Record<string, string> };
    const status = await daemonStatus(home);

    heading("Images in the registry");
    for (const [name, reference] of Object.entries(outputs.images ?? {})) {
        const image = await servedImage(reference, accessToken(home));
        line(name, `${image.digest}  ${(image.bytes / 1e6).toFixed(0)} MB compressed`);
    }

    const clusters = status?.clusters ?? [];
    // A stack may consist of a registry and images only.
    if (clusters.length > 0) {
        await printPods(home, clusters);
    }

    const doors = clusters.flatMap(({ frontDoors }) => frontDoors);
    heading("Addresses");
    line("registry", `${status?.registry ?? "?"} (asks for a token: docs/sandbox.md, "The registry")`);
    for (const door of doors) {
        line(`${door.namespace}/${door.service}`, `http://${door.address}`);
    }

    heading("Simulated, not real");
    for (const [what, standIn] of SIMULATED) {
        line(what, standIn);
    }

    heading("Try next");
    // Other services expect other request bodies.
    const door = doors.find(({ service }) => service === "digits");
    if (door !== undefined) {
        process.stdout.write(`  curl -s http://${door.address}/predict -d '{"image": ${JSON.stringify(SEVEN)}}'\n`);
    }
    for (const command of [
        "npm run sandbox -- preview --diff     after changing Pulumi.sandbox.yaml or a file under docker/",
        "npm run sandbox -- preview -s dev     the same program with another stack's values",
        "npm run sandbox -- kubectl get pods -A -o wide",
        "npm run sandbox -- destroy            and npm run sandbox:stop to end all processes",
    ]) {
        process.stdout.write(`  ${command}\n`);
    }
}

async function printPods(home: Home, clusters: DaemonStatus["clusters"]): Promise<void> {
    heading("Pods");
    const simulated = new Set(clusters.flatMap(({ nodes }) => nodes.filter((node) => node.simulated).map(({ name }) => name)));
    for (const pod of await podLines(home)) {
        const nothing = simulated.has(pod.node) ? " (a simulated node: no container runs)" : "";
        line(`${pod.namespace}/${pod.name}`, `${pod.phase} on ${pod.node}${nothing}`);
        if (pod.lastWords !== undefined) {
            process.stdout.write(`      ${pod.lastWords}\n`);
        }
    }
    for (const note of clusters.flatMap(({ notes }) => notes)) {
        process.stdout.write(`  ${note}\n`);
    }
}

function heading(text: string): void {
    process.stdout.write(`\n${text}\n`);
}

function line(name: string, value: string): void {
    process.stdout.write(`  ${name.padEnd(42)} ${value}\n`);
}
