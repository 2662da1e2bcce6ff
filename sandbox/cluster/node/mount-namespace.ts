import * as fs from "node:fs";
import * as path from "node:path";
import type { Home } from "../../home";
import { command } from "../../host/command";
import { mountsUnder } from "../../host/mounts";
import { otherSandboxes } from "../network/network";

/**
 * Folders that containerd, its network plugins and the kubelet use whatever they are configured to. In a node's mount namespace each is a
 * folder of the node, so that nodes do not share them with each other, nor with another Kubernetes on this machine.
 */
const FIXED_FOLDERS = ["/run/containerd", "/var/lib/cni", "/var/lib/kubelet", "/var/log/containers", "/var/log/pods"];

/**
 * The mount namespace of a node. All that its containerd and kubelet mount is seen by them only, and is gone when the last of their processes
 * ends, however it ends.
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
        // Slave: what the machine unmounts is unmounted here too; what is mounted here stays here.
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

    /** Lets go of the namespace of a node's folder; it ends with its last process. */
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
 * Removes those of the fixed folders that hold nothing. Not while another sandbox runs on this machine: Linux lets a folder be removed on which
 * another namespace has a mount, and takes the mount away there.
 */
export function removeFixedFolders(home: Home): void {
    if (otherSandboxes(home).length > 0) {
        return;
    }
    for (const folder of FIXED_FOLDERS) {
        try {
            fs.rmdirSync(folder);
        } catch {
            // Not there, or in use by somebody else.
        }
    }
}
