import * as path from "node:path";
import { daemonSocket } from "../daemon/client";
import { authoritiesFolder } from "../cluster/control-plane/authorities";
import type { Home } from "../home";
import { accessToken } from "../identity/access-token";
import { dockerConfig } from "../registry/docker-config";

/**
 * Variables that Pulumi and its plugins get from the caller: for the terminal, the network, and update options. All others are removed, so
 * that no credentials, kubeconfig or project of the user can be used by mistake.
 */
const PASSED_ON =
    /^(TERM|COLORTERM|NO_COLOR|FORCE_COLOR|COLUMNS|CI|TZ|LANG|LC_.*|(HTTPS?|NO|ALL)_PROXY|(https?|no|all)_proxy|NODE_EXTRA_CA_CERTS|SSL_CERT_(FILE|DIR)|PULUMI_(PARALLEL|SKIP_CHECKPOINTS))$/;

/**
 * Returns the environment of the Pulumi CLI. The program and the plugins inherit it.
 * @param token access token for the Google Cloud provider. Default: the token of the sandbox's owner
 */
export function pulumiEnvironment(home: Home, caller: NodeJS.ProcessEnv, token = accessToken(home)): Record<string, string> {
    const passedOn = Object.entries(caller).filter(
        (entry): entry is [string, string] => PASSED_ON.test(entry[0]) && entry[1] !== undefined,
    );
    return {
        ...Object.fromEntries(passedOn),
        PATH: [home.tools, path.dirname(process.execPath), caller.PATH ?? ""].join(path.delimiter),
        HOME: path.join(home.run, "user"),
        TMPDIR: caller.TMPDIR ?? "/tmp",
        PULUMI_HOME: path.join(home.run, "pulumi"),
        // Disables the metadata files that the backend writes next to each state file. A killed engine can leave a partial metadata file,
        // and then no command can read the state. https://pkg.go.dev/gocloud.dev/blob/fileblob
        PULUMI_BACKEND_URL: `file://${path.join(home.run, "state")}?metadata=skip`,
        // The state of a sandbox contains no real secrets. With this passphrase, Pulumi does not prompt for one.
        PULUMI_CONFIG_PASSPHRASE: "sandbox",
        PULUMI_SKIP_UPDATE_CHECK: "true",
        PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
        PULUMI_OPTION_NON_INTERACTIVE: caller.CI === undefined ? "" : "true",
        DOCKER_CONFIG: dockerConfig(home),
        // The Google Cloud provider reads credentials from this variable.
        GOOGLE_OAUTH_ACCESS_TOKEN: token,
        // Only the kubeconfig that the program creates is used.
        KUBECONFIG: "/dev/null",
        SANDBOX_CLOUD_SOCKET: path.join(home.run, "cloud.sock"),
        SANDBOX_DAEMON_SOCKET: daemonSocket(home),
        // Certificate authorities of the machine and of the simulated control planes.
        SSL_CERT_DIR: [caller.SSL_CERT_DIR ?? "/etc/ssl/certs", authoritiesFolder(home)].join(path.delimiter),
        // A successful build fails if its trace cannot be sent in time (moby/buildkit#6912).
        OTEL_TRACES_SAMPLER: "always_off",
        // The clone may belong to another user than root.
        GIT_CONFIG_COUNT: "1",
        GIT_CONFIG_KEY_0: "safe.directory",
        GIT_CONFIG_VALUE_0: home.clone,
    };
}
