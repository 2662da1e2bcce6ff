import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import * as fs from "node:fs";
import * as path from "node:path";
import { createInterface } from "node:readline";
import type { Home } from "../home";
import { command, onPath } from "../host/command";
import { tail } from "../host/processes";
import { accessToken } from "../identity/access-token";
import { pulumiEnvironment } from "../pulumi/environment";
import { buildkitAddress } from "./buildkit";
import { askRegistry, IMAGE_TYPES } from "./client";
import { unpackedDebianPackage } from "../toolchain/compile/debian";
import { kept } from "../toolchain/kept";
import { BUILDKIT } from "../toolchain/toolsets";

/** Base image of all of the stack's images, as named on Docker Hub. */
export const BASE_IMAGE = "library/python:3.11-slim-bookworm";
/** Debian bookworm has the same Python version as that image, 3.11. */
const RELEASE = "bookworm";
const PACKAGES = ["python3", "python3-venv", "ca-certificates"];
/** Files that the official slim image also omits. */
const PRUNED = ["usr/share/doc", "usr/share/man", "usr/share/info", "usr/share/locale", "var/lib/apt/lists", "var/cache/apt", "var/log"];

/** Whether this machine can pull the official base image from Docker Hub. */
export async function reachesDockerHub(): Promise<boolean> {
    try {
        const response = await fetch("https://registry-1.docker.io/v2/", { signal: AbortSignal.timeout(5000) });
        return response.status === 401 || response.ok;
    } catch {
        return false;
    }
}

/**
 * Builds the file system of a substitute for the base image with debootstrap: a minimal Debian, its Python, and the certificates that this
 * machine trusts (build steps behind a corporate proxy need them). The result is cached.
 * @returns the folder of the file system
 * @throws Error with the end of debootstrap's log
 */
export async function baseRootfs(cache: string, progress: (line: string) => void): Promise<string> {
    const trusted = process.env.SSL_CERT_FILE ?? "/etc/ssl/certs/ca-certificates.crt";
    const certificates = fs.existsSync(trusted) ? fs.readFileSync(trusted) : Buffer.alloc(0);
    const key = createHash("sha256")
        .update(JSON.stringify([RELEASE, PACKAGES, PRUNED]))
        .update(certificates)
        .digest("hex")
        .slice(0, 12);
    const rootfs = path.join(cache, `base-${key}`);
    await kept(rootfs, (folder) => bootstrap(folder, certificates, { cache, log: `${rootfs}.log`, progress }), progress);
    return rootfs;
}

async function bootstrap(
    folder: string,
    certificates: Buffer,
    { cache, log, progress }: { cache: string; log: string; progress: (line: string) => void },
): Promise<void> {
    const [program, env] = await debootstrap(cache);
    const signatures = ["--force-check-gpg", `--keyring=${await keyring(cache)}`];
    const out = fs.createWriteStream(log);
    const child = spawn(program, ["--variant=minbase", ...signatures, `--include=${PACKAGES.join(",")}`, RELEASE, folder], {
        env: { ...process.env, ...env },
        stdio: ["ignore", "pipe", "pipe"],
    });
    child.stderr.pipe(out, { end: false });
    createInterface({ input: child.stdout }).on("line", (line) => {
        out.write(`${line}\n`);
        progress(line.replace(/^I: /, ""));
    });
    const [code] = (await once(child, "close")) as [number | null];
    if (code !== 0) {
        throw new Error(`debootstrap exited with ${code}. The end of its log:\n${tail(log)}\nFull log: ${log}`);
    }
    for (const pruned of PRUNED) {
        for (const child of fs.readdirSync(path.join(folder, pruned))) {
            fs.rmSync(path.join(folder, pruned, child), { recursive: true });
        }
    }
    if (certificates.length > 0) {
        fs.writeFileSync(path.join(folder, "etc/ssl/certs/ca-certificates.crt"), certificates);
    }
}

/** Pushes the substitute to the local registry under the base image's name. The same content always has the same digest. */
export async function pushBaseImage(home: Home, registryPort: number, rootfs: string): Promise<void> {
    const name = `127.0.0.1:${registryPort}/${BASE_IMAGE}`;
    const image = await compressedImage(home, rootfs);
    await build(home, "FROM base\n", [
        ...["--oci-layout", `base=${image}`, "--opt", `context:base=oci-layout://base@${digestIn(image)}`],
        ...["--output", `type=image,name=${name},push=true,registry.insecure=true,oci-mediatypes=true`],
    ]);
}

/** Returns the substitute as an OCI layout. It is cached next to the file system, because compression takes ten seconds. */
async function compressedImage(home: Home, rootfs: string): Promise<string> {
    const image = `${rootfs}-image-${BUILDKIT}`;
    await kept(image, (folder) =>
        build(home, 'FROM scratch\nCOPY . /\nENV LANG=C.UTF-8\nCMD ["python3"]\n', [
            ...["--local", `context=${rootfs}`, "--opt", "build-arg:SOURCE_DATE_EPOCH=0"],
            ...["--output", `type=oci,dest=${folder},tar=false,rewrite-timestamp=true`],
        ]),
    );
    return image;
}

function digestIn(layout: string): string {
    const { manifests } = JSON.parse(fs.readFileSync(path.join(layout, "index.json"), "utf8")) as { manifests: [{ digest: string }] };
    return manifests[0].digest;
}

async function build(home: Home, content: string, options: readonly string[]): Promise<void> {
    const folder = path.join(home.run, "base-image");
    fs.mkdirSync(folder, { recursive: true });
    fs.writeFileSync(path.join(folder, "Dockerfile"), content);
    await command(
        path.join(home.tools, "buildctl"),
        [
            ...["--addr", buildkitAddress(home), "build", "--progress", "plain", "--frontend", "dockerfile.v0"],
            ...["--local", `dockerfile=${folder}`, ...options],
        ],
        { env: pulumiEnvironment(home, process.env) },
    );
}

/** Whether the local registry has the base image. */
export async function hasBaseImage(home: Home, registryPort: number): Promise<boolean> {
    const [name = "", tag = ""] = BASE_IMAGE.split(":");
    const url = `http://127.0.0.1:${registryPort}/v2/${name}/manifests/${tag}`;
    return (await askRegistry(url, { method: "HEAD", headers: { accept: IMAGE_TYPES } }, accessToken(home))).ok;
}

/** Returns the machine's debootstrap, or one that is unpacked from the Debian package. */
async function debootstrap(cache: string): Promise<[program: string, env: Record<string, string>]> {
    const installed = onPath("debootstrap");
    if (installed !== undefined) {
        return [installed, {}];
    }
    const folder = await unpackedDebianPackage("debootstrap", cache);
    return [path.join(folder, "usr/sbin/debootstrap"), { DEBOOTSTRAP_DIR: path.join(folder, "usr/share/debootstrap") }];
}

/** Returns the keys that sign Debian's releases. Without them, debootstrap would run unverified packages as root. */
async function keyring(cache: string): Promise<string> {
    const keys = "usr/share/keyrings/debian-archive-keyring.gpg";
    return fs.existsSync(path.join("/", keys))
        ? path.join("/", keys)
        : path.join(await unpackedDebianPackage("debian-archive-keyring", cache), keys);
}
