import * as path from "node:path";
import type { Container } from "./engine/container";
import type { Built } from "./engine/builder";
import { shared } from "./hooks";
import { ROOT } from "./images";

let built: Promise<Built> | undefined;

/** Starts Redis in a container, from Debian's package. @param command `redis-server` with its arguments except the port */
export async function startRedis(
    command: readonly string[] = ["redis-server", "--save", "", "--appendonly", "no"],
    options: readonly string[] = ["--read-only", "--tmpfs", "/tmp"],
): Promise<{ container: Container; port: number }> {
    const { builder, engine, workshop } = shared();
    built ??= builder.build({ name: "redis", context: path.join(ROOT, "test/images/fixtures/redis") });
    const port = await workshop.ports.take("redis");
    const container = await engine.start(
        (await built).ref,
        [...options, "--workdir", "/tmp"],
        [...command, "--bind", "127.0.0.1", "--port", String(port)],
    );
    await container.until("answering", async () => (await container.exec("redis-cli", "-p", String(port), "ping")).trim() === "PONG");
    return { container, port };
}
