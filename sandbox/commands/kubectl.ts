import type { Home } from "../home";
import { runKubectl } from "../kubectl/run";

/** `npm run sandbox -- kubectl …` */
export async function kubectl(home: Home, args: readonly string[]): Promise<number> {
    return (await runKubectl(home, args)).code;
}
