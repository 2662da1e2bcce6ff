import * as fs from "node:fs";
import * as path from "node:path";
import type { Home } from "../../home";
import { command } from "../../host/command";
import { mountsUnder } from "../../host/mounts";
import { otherSandboxes } from "../network/network";

/**
 * Fixed folders of containerd, its network plugins and the kubelet. In a node's mount namespace, each one is bound to a folder of the node,
 * so that nodes do not share them with each other or with another Kubernetes on this machine.
 */
const FIXED_FOLDERS = ["/run/containerd", "/var/lib/cni", "/var/lib/kubelet", "/var/log/containers", "/var/log/pods"];

/** The mount namespace of a node. Mounts of its containerd and kubelet are only visible to them, and disappear with their last process. */
export class MountNamespace {
    private constructor(private readonly file: string) {}

    /**
     * Creates a namespace. A mounted file in the node's folder keeps it alive until `remove`.
     * @param folder the node's folder
     */
    static async make(folder: string): Promise<MountNamespace> {
        await MountNamespace.remove(folder);
        const holder = path.join(folder, "namespace");
        const file = path.join(holder, "mounts");
        fs.mkdirSync(holder, { recursive: true });
        // The kernel only mounts namespace files on private mounts.
        await command("mount", ["--bind", holder, holder]);
        await command("mount", ["--make-private", holder]);
        fs.writeFileSync(file, "");
        // Slave propagation: unmounts on the machine propagate to the namespace, but mounts in the namespace do not propagate to the
        // machine.
        await command("unshare", [`--mount=${file}`, "--propagation", "slave", "true"]);
        const namespace = new MountNamespace(file);
        for (const target of FIXED_FOLDERS) {
            const source = path.join(folder, "fixed", target.slice(1).replaceAll("/", "-"));
            fs.mkdirSync(source, { recursive: true });
            fs.mkdirSync(target, { recursive: true });
            await command(...namespace.enter("mount", "--bind", source, target));
        }
        return namespace;
    }

    /** Releases a node's namespace. It disappears with its last process. */
    static async remove(folder: string): Promise<void> {
        for (const mount of mountsUnder(path.join(folder, "namespace"))) {
            await command("umount", [mount]);
        }
    }

    /** Returns a command line that runs a command in the namespace, as the same process. */
    enter(program: string, ...args: readonly string[]): [program: string, args: readonly string[]] {
        return ["nsenter", [`--mount=${this.file}`, "--", program, ...args]];
    }
}

/**
 * Removes empty fixed folders, unless another sandbox runs on this machine: Linux removes a folder, and the mount on it, even if the mount
 * is in another namespace.
 */
export function removeFixedFolders(home: Home): void {
    if (otherSandboxes(home).length > 0) {
        return;
    }
    for (const folder of FIXED_FOLDERS) {
        try {
            fs.rmdirSync(folder);
        } catch {
            // The folder does not exist, or another program uses it.
        }
    }
}
