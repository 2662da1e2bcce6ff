import { runPlugin } from "../plugin";
import { dockerProvider } from "./docker-provider";

void runPlugin(dockerProvider());
