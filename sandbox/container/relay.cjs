// Docker publishes a container's ports from its network interface, but the sandbox listens on 127.0.0.1 only. This relay forwards each published port of the
// interface to the same port of 127.0.0.1. Plain CommonJS without dependencies, because it runs before any are installed.
"use strict";

const net = require("node:net");
const os = require("node:os");

/**
 * Listens on a range of ports, `20000-20099`, of each interface but the loopback.
 * @returns {net.Server[]}
 */
function relay(range, addresses = interfaces()) {
    const [first, last] = range.split("-").map(Number);
    return addresses.flatMap((host) => Array.from({ length: last - first + 1 }, (_, index) => listen(host, first + index)));
}

function interfaces() {
    return Object.values(os.networkInterfaces())
        .flat()
        .filter(({ internal, family }) => !internal && family === "IPv4")
        .map(({ address }) => address);
}

function listen(host, port) {
    const server = net.createServer({ allowHalfOpen: true }, (client) => {
        const upstream = net.connect({ host: "127.0.0.1", port, allowHalfOpen: true });
        client.pipe(upstream).pipe(client);
        // Refuses the connection if nothing listens, as without this relay.
        upstream.on("error", () => client.resetAndDestroy());
        client.on("error", () => upstream.destroy());
    });
    return server.listen({ host, port });
}

module.exports = { relay };

if (require.main === module) {
    relay(process.argv[2]);
    for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(0));
}
