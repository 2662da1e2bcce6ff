import * as os from "node:os";
import { outputOf } from "../command-line/program";

/** The author of a promotion: git's user, else the user of this machine. */
export async function promoter(folder: string): Promise<string> {
    const email = await outputOf("git", ["config", "user.email"], folder).catch(() => "");
    return email.trim() === "" ? os.userInfo().username : email.trim();
}
