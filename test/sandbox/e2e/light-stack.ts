/** Small stacks for the sandbox. dev only builds images. The others run the promoted images as one service on one pool. */
export const lightStack = (name: "dev" | "staging" | "prod"): string => `# The stack ${name}, as small as it gets.
config:
    gcp:project: ml-${name}
    gcp:region: us-central1
    ml-platform:environment: ${name}
    ml-platform:registry:
        repository: ml-images
        consumers: ${name === "dev" ? "[ml-staging, ml-prod]" : "[]"}
    ml-platform:images:
        from: ${name === "dev" ? "build" : "release"} # dev builds, the others take what was promoted
        channel: ${name}
        variant: cpu # the sandbox's GPUs are simulated
        sbom: false # the scanner is on Docker Hub
${name === "dev" ? "" : service(name)}`;

const service = (name: string): string => `    ml-platform:cluster:
        name: ml-${name}
        location: us-central1-a
        endpoint: ip
        pools:
            - name: inference
              accelerator: nvidia-l4
              maxNodes: 1
    ml-platform:inference:
        services:
            - name: digits
              pool: inference
              cpu: 500m
              memory: 1Gi
              replicas: 1
              coldStartSeconds: 60
              drainSeconds: 5
`;
