import { imagesForNodes } from "./checks/architecture";
import { oneRepository, productionApproval, triggerBuildsImages } from "./checks/build";
import { authorizedNetworksAreNarrow, knownLocations, publicEndpointIsGuarded } from "./checks/cluster";
import { egressHosts, egressNamespaces, egressRanges, oneDestination } from "./checks/egress";
import { knownRegion, namedProject, namedProduction } from "./checks/environment";
import {
    cpuImagesAreAskedFor,
    derivedArguments,
    gpuImagesForAmd64,
    noSecretArguments,
    productionTakesReleases,
    readableCaBundle,
    releasesByDigest,
    releasesNameTheirVariant,
    variantAsBuilt,
} from "./checks/images";
import {
    autoscalingBounds,
    dutyCycleIsPercentage,
    dutyCycleWithoutSharing,
    oneScale,
    uniqueHosts,
    uniqueServices,
} from "./checks/inference";
import { maintenanceExclusions, maintenanceWindow } from "./checks/maintenance";
import {
    computeClassName,
    freeServiceNames,
    ownNamespaces,
    uniqueCapacities,
    uniqueClaims,
    uniqueMembers,
    uniqueNodePools,
    uniquePools,
} from "./checks/names";
import { networkRanges } from "./checks/network";
import { compactPlacement, poolZones } from "./checks/pool-zones";
import {
    acceleratorOnMachine,
    driverOfAccelerator,
    flexStartFromZero,
    localSsds,
    notShutDown,
    obtainable,
    partitions,
    poolBounds,
    systemMachine,
    upgradeMoves,
} from "./checks/pools";
import { queuedCapacity, queuedRuns, queuedServices } from "./checks/queued-provisioning";
import { keyInItsLocation } from "./checks/registry";
import type { Rule } from "./checks/rule";
import { memoryForSharedMemory, sharedStorage, spotGrace, tensorboardImage } from "./checks/training";
import { noDerivedVariables, noSecretVariables, tensorboardTracker } from "./checks/variables";
import {
    cpuFits,
    gpusFit,
    ephemeralStorageFits,
    memoryFits,
    neededRooms,
    noMpsUnderRestricted,
    oneSharedGpu,
    poolExists,
    poolsSuffice,
} from "./checks/workloads";
import type { StackConfig } from "./config/stack";
import type { Reported } from "./problem";

/** Every rule, in the order in which its problems are reported. */
export const rules: readonly Rule[] = [
    namedProject,
    knownRegion,
    namedProduction,
    neededRooms,
    oneRepository,
    triggerBuildsImages,
    productionApproval,
    productionTakesReleases,
    releasesByDigest,
    releasesNameTheirVariant,
    variantAsBuilt,
    cpuImagesAreAskedFor,
    derivedArguments,
    noSecretArguments,
    readableCaBundle,
    gpuImagesForAmd64,
    imagesForNodes,
    uniqueMembers,
    knownLocations,
    keyInItsLocation,
    publicEndpointIsGuarded,
    authorizedNetworksAreNarrow,
    networkRanges,
    maintenanceWindow,
    maintenanceExclusions,
    systemMachine,
    uniquePools,
    uniqueNodePools,
    computeClassName,
    uniqueCapacities,
    notShutDown,
    acceleratorOnMachine,
    driverOfAccelerator,
    obtainable,
    flexStartFromZero,
    queuedCapacity,
    partitions,
    localSsds,
    poolZones,
    compactPlacement,
    poolBounds,
    upgradeMoves,
    ownNamespaces,
    uniqueServices,
    freeServiceNames,
    uniqueClaims,
    poolExists,
    gpusFit,
    oneSharedGpu,
    noMpsUnderRestricted,
    cpuFits,
    memoryFits,
    ephemeralStorageFits,
    oneScale,
    autoscalingBounds,
    dutyCycleWithoutSharing,
    oneDestination,
    egressHosts,
    egressRanges,
    egressNamespaces,
    dutyCycleIsPercentage,
    uniqueHosts,
    memoryForSharedMemory,
    sharedStorage,
    queuedRuns,
    queuedServices,
    spotGrace,
    tensorboardImage,
    noDerivedVariables,
    noSecretVariables,
    tensorboardTracker,
    poolsSuffice,
];

/** What one rule reports of a configuration. */
export function reportsOf(rule: Rule, config: StackConfig): readonly Reported[] {
    const reports: Reported[] = [];
    rule(config, (key, problem, remedy, basis) => reports.push({ key, problem, remedy, basis }));
    return reports;
}

/**
 * Everything in a configuration that contradicts itself, or what Google Cloud offers: all rules run, none touches anything.
 *
 * @param guessed keys of invalid values, in place of which a valid one was checked; problems that depend on them, or on other fields of their list element, are not reported
 */
export function checkStack(config: StackConfig, guessed: readonly string[] = []): readonly Reported[] {
    const uncertain = new Set(guessed.map((key) => /^[^[]*\[\d+\]/.exec(key)?.[0] ?? key));
    const isUncertain = (key: string): boolean => uncertain.size > 0 && beginningsOf(key).some((beginning) => uncertain.has(beginning));
    return rules.flatMap((rule) => reportsOf(rule, config)).filter(({ key, basis = [] }) => ![key, ...basis].some(isUncertain));
}

/** The keys of everything that holds a value, and its own: `a.b[0]` is in `a` and `a.b`. */
const beginningsOf = (key: string): readonly string[] => [...Array.from(key.matchAll(/[.[]/g), ({ index }) => key.slice(0, index)), key];
