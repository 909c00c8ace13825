# choice-emr-architecture.tfvars:2: emr_architecture: expected "X86_64" or "ARM64"; got "arm64". Set emr_architecture = "ARM64"
emr_architecture = "arm64"
