import * as fs from "node:fs";
import * as path from "node:path";
import type { Home } from "../../home";
import { command } from "../../host/command";
import { mountsUnder } from "../../host/mounts";
import { otherSandboxes } from "../network/network";

/**
 * Folders that containerd, its network plugins and the kubelet always use. In a node's mount namespace each is a folder of the node, so that nodes do not share
 * them with each other or with another Kubernetes on this machine.
 */
const FIXED_FOLDERS = ["/run/containerd", "/var/lib/cni", "/var/lib/kubelet", "/var/log/containers", "/var/log/pods"];

/**
 * The mount namespace of a node. Mounts of its containerd and kubelet are visible to them only, and end with the last of their processes.
 */
export class MountNamespace {
    private constructor(private readonly file: string) {}

    /**
     * Makes a namespace that is kept by a mounted file in the node's folder, until `remove`.
     * @param folder the node's
     */
    static async make(folder: string): Promise<MountNamespace> {
        await MountNamespace.remove(folder);
        const holder = path.join(folder, "namespace");
        const file = path.join(holder, "mounts");
        fs.mkdirSync(holder, { recursive: true });
        // The kernel mounts a namespace's file on private mounts only.
        await command("mount", ["--bind", holder, holder]);
        await command("mount", ["--make-private", holder]);
        fs.writeFileSync(file, "");
        // Slave: the machine's unmounts apply here too, and mounts made here stay here.
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

    /** Releases the namespace of a node's folder; it ends with its last process. */
    static async remove(folder: string): Promise<void> {
        for (const mount of mountsUnder(path.join(folder, "namespace"))) {
            await command("umount", [mount]);
        }
    }

    /** The program and arguments that run a command in the namespace, as the same process. */
    enter(program: string, ...args: readonly string[]): [program: string, args: readonly string[]] {
        return ["nsenter", [`--mount=${this.file}`, "--", program, ...args]];
    }
}

/**
 * Removes fixed folders that are empty, unless another sandbox runs on this machine: Linux removes a folder even if another namespace has a mount
 * on it, and the mount with it.
 */
export function removeFixedFolders(home: Home): void {
    if (otherSandboxes(home).length > 0) {
        return;
    }
    for (const folder of FIXED_FOLDERS) {
        try {
            fs.rmdirSync(folder);
        } catch {
            // It does not exist, or another program uses it.
        }
    }
}
