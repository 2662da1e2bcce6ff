import * as path from "node:path";
import type { Container } from "./engine/container";
import { shared } from "./hooks";
import { ROOT } from "./images";

/** Starts PostgreSQL in a container, from Debian's package. @param options options of `docker run` */
export async function startPostgres(options: readonly string[]): Promise<Container> {
    const { builder, engine, workshop } = shared();
    const built = await builder.build({ name: "postgres", context: path.join(ROOT, "test/images/fixtures/postgres") });
    const port = await workshop.ports.take("postgres");
    // The server and its clients read the port from this variable.
    return engine.start(built.ref, [...options, "--env", `PGPORT=${port}`]);
}
