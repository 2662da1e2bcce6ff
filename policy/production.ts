/**
 * Whether the stack is production: its `ml-platform:environment` is `prod`, or the key is missing and the stack is named `prod`. The engine passes both to a pack in
 * its environment. If neither is known, the answer is yes: a pack must not become lenient because a value was lost.
 */
export function isProduction(env: Readonly<Record<string, string | undefined>>): boolean {
    const config = JSON.parse(env.PULUMI_CONFIG ?? "{}") as Record<string, string>;
    return (config["ml-platform:environment"] ?? env.PULUMI_NODEJS_STACK ?? "prod") === "prod";
}
